using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Account;

/// <summary>Pauses or resumes all sending of the account in this region.</summary>
internal static class UpdateAccountSendingEnabled
{
    private static readonly Member<bool?> Enabled = Member.OptionalValue("Enabled", Shapes.Flag);

    public static Structure Input { get; } = new(Enabled);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        // Left out, a flag of the query protocol is false.
        await context.Domain.Accounts.SetSendingEnabledAsync(context.Scope, input.Get(Enabled) ?? false, cancel);
        return QueryXml.Empty;
    }
}
