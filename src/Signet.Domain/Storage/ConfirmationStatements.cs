using Signet.Identities;
using Signet.Names;

namespace Signet.Storage;

/// <summary>The rows of confirmations, and of how often confirmation mails were sent.</summary>
internal static class ConfirmationStatements
{
    /// <summary>When a mailbox was last sent a confirmation mail, by anybody and by an account.</summary>
    public static async Task<MailboxPace> FindPaceAsync(Session session, string mailbox, AccountId account) => (await session.FindAsync(
        """
        SELECT MAX(sent_at), MAX(CASE WHEN account = @account THEN sent_at END), MAX(CASE WHEN account = @account THEN wait_ms END)
        FROM confirmation_pace WHERE mailbox = @mailbox
        """,
        r => new MailboxPace(
            r.TimeOrNull(1) is { } sentAt ? new ConfirmationPace(sentAt, TimeSpan.FromMilliseconds(r.GetInt64(2))) : null,
            r.TimeOrNull(0)),
        ("account", account.Value), ("mailbox", mailbox)))!;

    /// <summary>When an account last asked for confirmation mails.</summary>
    public static async Task<AccountPace> FindPaceAsync(Session session, AccountId account) => new(await session.QueryAsync(
        "SELECT sent_at, wait_ms FROM confirmation_pace WHERE account = @account ORDER BY sent_at DESC LIMIT @limit",
        r => new ConfirmationPace(r.Time(0), TimeSpan.FromMilliseconds(r.GetInt64(1))),
        ("account", account.Value), ("limit", AccountPace.MaxPerHour)));

    public static SqlStatement Put(string mailbox, AccountId account, ConfirmationPace pace) => new(
        """
        INSERT INTO confirmation_pace (mailbox, account, sent_at, wait_ms, forgotten_at)
        VALUES (@mailbox, @account, @sent, @wait, @forgotten)
        ON CONFLICT (mailbox, account) DO UPDATE SET
            sent_at = excluded.sent_at, wait_ms = excluded.wait_ms, forgotten_at = excluded.forgotten_at
        """,
        ("mailbox", mailbox), ("account", account.Value), ("sent", pace.SentAt), ("wait", (long)pace.Wait.TotalMilliseconds),
        ("forgotten", pace.ForgottenAt));

    /// <summary>Deletes what no longer counts: at most 100 rows, so that no start takes long. Each start adds one at most, so none is left in the end.</summary>
    public static SqlStatement ForgetPaces(DateTimeOffset now, Dialect dialect) => new(
        $"""
        DELETE FROM confirmation_pace WHERE (mailbox, account) IN (
            SELECT mailbox, account FROM confirmation_pace WHERE forgotten_at <= @now ORDER BY forgotten_at LIMIT 100 {dialect.SkipLocked})
        """,
        ("now", now));

    public static SqlStatement Put(Confirmation confirmation) => new(
        """
        INSERT INTO confirmation (token_hash, account, region, identity, expires_at)
        VALUES (@hash, @account, @region, @name, @expires)
        """,
        ("hash", confirmation.TokenHash), ("account", confirmation.Arn.Owner.Account.Value), ("region", confirmation.Arn.Owner.Region.Value),
        ("name", confirmation.Arn.Name.Value), ("expires", confirmation.ExpiresAt));
}
