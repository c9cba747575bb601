using Signet.Accounts;
using Signet.Names;
using Signet.Policies;
using Signet.Web.Shell;

namespace Signet.Web.Accounts;

/// <summary>
/// What a viewer changes of accounts, users and keys: asks whether they may, then does what the commands do. Everything answers with
/// the refusal in one sentence, or null for done.
/// </summary>
public sealed class AccountDesk(ConsoleContext console, Viewer viewer)
{
    private readonly AccountRegistry accounts = console.Domain.Accounts;

    private const string NotAllowed = "only administrators of the account may do this";
    private const string NoPause = "only administrators of the whole server may pause and resume accounts";

    /// <summary>A viewer of one account makes no others.</summary>
    public bool MayCreateAccounts => viewer.MayAdminister && viewer.Account is null;

    /// <summary>Sandbox, quota and rate are set by whoever runs the server, not by whoever is limited by them.</summary>
    public bool MayChangeLimits => viewer.MayAdminister && viewer.Account is null;

    /// <summary>A pause is the server's: whoever administers the paused account alone does not lift it.</summary>
    public bool MayPause => viewer.MayAdminister && viewer.Account is null;

    public bool MayChange(AccountId account) => viewer.MayAdminister && viewer.Sees(account);

    /// <param name="id">Empty for twelve random digits.</param>
    /// <param name="name">A label for people; may be empty.</param>
    /// <param name="region">Where <paramref name="settings"/> hold.</param>
    /// <param name="settings">Differences from the default settings; null for none.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<(Account? Made, string? Refusal)> CreateAccountAsync(
        string id, string name, Region region, SettingsChange? settings, CancellationToken cancel)
    {
        var (made, refusal) = await TryCreateAccountAsync(id, name, region, settings, cancel);
        return (made, Note("account-create", made?.Id, made?.Id.Value ?? id.Trim(), refusal));
    }

    private async Task<(Account? Made, string? Refusal)> TryCreateAccountAsync(
        string id, string name, Region region, SettingsChange? settings, CancellationToken cancel)
    {
        if (await ObjectionAsync(MayCreateAccounts, "only administrators of the whole server may create accounts", cancel) is { } objection)
        {
            return (null, objection);
        }

        AccountId? wanted = null;
        if (id.Trim() is { Length: > 0 } text)
        {
            if (!AccountId.TryParse(text, out var parsed))
            {
                return (null, $"`{text}` is not an account: an account is twelve digits");
            }

            wanted = parsed;
        }

        return Read(await accounts.CreateAccountAsync(wanted, name.Trim(), region, settings, cancel));
    }

    public async Task<string?> ChangeSettingsAsync(AccountRegion scope, SettingsChange change, CancellationToken cancel) =>
        Note(
            "account-settings", scope.Account, $"{scope.Region}",
            await ObjectionAsync(MayChangeLimits, "only administrators of the whole server may set limits", cancel)
                ?? Read(await accounts.UpdateSettingsAsync(scope, change, cancel)).Refusal);

    /// <summary>Stops the account from sending in every region.</summary>
    public async Task<string?> PauseAsync(AccountId account, string reason, CancellationToken cancel) =>
        Note(
            "account-pause", account, account.Value,
            await ObjectionAsync(MayPause, NoPause, cancel) ?? Read(await accounts.PauseAsync(account, reason.Trim(), cancel)).Refusal);

    public async Task<string?> ResumeAsync(AccountId account, CancellationToken cancel) =>
        Note(
            "account-resume", account, account.Value,
            await ObjectionAsync(MayPause, NoPause, cancel) ?? Read(await accounts.ResumeAsync(account, cancel)).Refusal);

    /// <param name="account">Whose user.</param>
    /// <param name="name">See <see cref="User.IsName"/>.</param>
    /// <param name="firstPolicy">The text of its first policy; null: it may do all that SES has.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<string?> CreateUserAsync(AccountId account, string name, string? firstPolicy, CancellationToken cancel) =>
        Note("user-create", account, name, await TryCreateUserAsync(account, name, firstPolicy, cancel));

    private async Task<string?> TryCreateUserAsync(AccountId account, string name, string? firstPolicy, CancellationToken cancel)
    {
        if (await ObjectionAsync(account, cancel) is { } objection)
        {
            return objection;
        }

        if (firstPolicy is null)
        {
            return Read(await accounts.CreateUserAsync(account, name, FirstUserPolicy.FullAccess, cancel)).Refusal;
        }

        return PolicyDocument.TryParseForUser(firstPolicy, out var document, out var problem)
            ? Read(await accounts.CreateUserAsync(account, name, document.CompactText, cancel)).Refusal
            : NotAPolicy(problem);
    }

    /// <summary>Makes a policy of a user, or replaces the one of that name.</summary>
    public async Task<string?> PutPolicyAsync(Principal user, string name, string text, CancellationToken cancel) =>
        Note("user-policy-put", user.Account, $"{user.Arn} {name}", await TryPutPolicyAsync(user, name, text, cancel));

    private async Task<string?> TryPutPolicyAsync(Principal user, string name, string text, CancellationToken cancel) =>
        await ObjectionAsync(user.Account, cancel) is { } objection ? objection
        : !PolicyName.TryParse(name, out var parsed)
            ? $"`{name}` is not a policy name: 1 to {PolicyName.MaxLength} letters, digits, `-` and `_`"
        : !PolicyDocument.TryParseForUser(text, out var document, out var problem) ? NotAPolicy(problem)
        : Read(await accounts.PutUserPolicyAsync(user, new NamedPolicy(parsed, document.CompactText), cancel)).Refusal;

    public async Task<string?> DeletePolicyAsync(Principal user, PolicyName name, CancellationToken cancel) =>
        Note(
            "user-policy-delete", user.Account, $"{user.Arn} {name}",
            await ObjectionAsync(user.Account, cancel) ?? Read(await accounts.DeleteUserPolicyAsync(user, name, cancel)).Refusal);

    /// <summary>What is returned is the only time that the secret is shown.</summary>
    public async Task<(AccessKey? Made, string? Refusal)> CreateKeyAsync(Principal owner, CancellationToken cancel)
    {
        var (made, refusal) = await ObjectionAsync(owner.Account, cancel) is { } objection
            ? (null, objection)
            : Read(await accounts.CreateKeyAsync(owner, cancel));
        return (made, Note("key-create", owner.Account, made is null ? owner.Arn : $"{made.Id} of {owner.Arn}", refusal));
    }

    /// <summary>Makes a key useless for good. A key of another account is answered as one that does not exist.</summary>
    public async Task<string?> RevokeKeyAsync(AccountId account, string keyId, CancellationToken cancel) =>
        Note("key-revoke", account, keyId, await TryRevokeKeyAsync(account, keyId, cancel));

    private async Task<string?> TryRevokeKeyAsync(AccountId account, string keyId, CancellationToken cancel)
    {
        if (await ObjectionAsync(account, cancel) is { } objection)
        {
            return objection;
        }

        var (keys, refusal) = Read(await accounts.ListKeysAsync(account, cancel));
        return refusal
            ?? (keys!.Any(k => k.Id == keyId)
                ? Read(await accounts.RevokeKeyAsync(keyId, cancel)).Refusal
                : new AccountProblem.NoSuchKey(keyId).Text);
    }

    private string? Note(string act, AccountId? account, string on, string? refusal)
    {
        console.Acts.Write(viewer, act, on, account, refusal);
        return refusal;
    }

    private Task<string?> ObjectionAsync(AccountId account, CancellationToken cancel) =>
        ObjectionAsync(MayChange(account), NotAllowed, cancel);

    private Task<string?> ObjectionAsync(bool may, string refusal, CancellationToken cancel) =>
        viewer.ObjectionAsync(may, refusal, console, cancel);

    private static string NotAPolicy(string problem) => $"this is not a valid user policy: {problem}";

    private static (T? Value, string? Refusal) Read<T>(AccountOutcome<T> outcome) => outcome switch
    {
        AccountOutcome<T>.Done done => (done.Value, null),
        AccountOutcome<T>.Refused refused => (default, refused.Problem.Text),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
