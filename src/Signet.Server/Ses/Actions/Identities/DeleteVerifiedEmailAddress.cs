using Signet.Names;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>The deprecated form of <see cref="DeleteIdentity"/>, for addresses only; answers without a Result element.</summary>
internal static class DeleteVerifiedEmailAddress
{
    public static Structure Input { get; } = new(IdentityParameters.EmailAddress);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var address = IdentityParameters.ParseAddress(input.Get(IdentityParameters.EmailAddress));
        await context.Domain.Identities.DeleteAsync(context.Scope, new IdentityName.OfAddress(address), cancel);
        return QueryXml.Empty;
    }
}
