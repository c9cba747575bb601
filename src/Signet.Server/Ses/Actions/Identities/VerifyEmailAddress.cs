using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>The deprecated form of <see cref="VerifyEmailIdentity"/>: does the same, and answers without a Result element.</summary>
internal static class VerifyEmailAddress
{
    public static Structure Input => VerifyEmailIdentity.Input;

    public static Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel) =>
        VerifyEmailIdentity.HandleAsync(context, input, cancel);
}
