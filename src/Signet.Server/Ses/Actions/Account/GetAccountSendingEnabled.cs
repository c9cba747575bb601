using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Account;

/// <summary>Whether the account may send in this region.</summary>
internal static class GetAccountSendingEnabled
{
    public static Structure Input { get; } = new();

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var standing = await context.Domain.Accounts.StandingAsync(context.Scope, cancel);
        return result => result.Flag("Enabled", standing.SendingEnabled);
    }
}
