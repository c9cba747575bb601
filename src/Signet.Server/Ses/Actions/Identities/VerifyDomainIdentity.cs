using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>Makes a domain identity, or starts its verification again; answers with the value of the TXT record to publish.</summary>
internal static class VerifyDomainIdentity
{
    public static Structure Input { get; } = new(IdentityParameters.Domain);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var domain = IdentityParameters.ParseDomain(input.Get(IdentityParameters.Domain));
        var identity = IdentityParameters.Started(await context.Domain.Identities.VerifyDomainAsync(context.Scope, domain, cancel));
        return result => result.Text("VerificationToken", identity.VerificationToken);
    }
}
