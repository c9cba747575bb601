using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>Makes an address identity, or starts its verification again, by a confirmation mail.</summary>
internal static class VerifyEmailIdentity
{
    public static Structure Input { get; } = new(IdentityParameters.EmailAddress);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var address = IdentityParameters.ParseAddress(input.Get(IdentityParameters.EmailAddress));
        IdentityParameters.Started(await context.Domain.Identities.VerifyEmailAsync(context.Scope, address, cancel));
        return QueryXml.Empty;
    }
}
