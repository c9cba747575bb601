using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>Starts Easy DKIM for a domain, which becomes an identity if it is none; answers with the three tokens to publish.</summary>
internal static class VerifyDomainDkim
{
    public static Structure Input { get; } = new(IdentityParameters.Domain);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var domain = IdentityParameters.ParseDomain(input.Get(IdentityParameters.Domain));
        var identity = IdentityParameters.Started(await context.Domain.Identities.VerifyDkimAsync(context.Scope, domain, cancel));
        return result => result.List("DkimTokens", identity.Dkim.Tokens);
    }
}
