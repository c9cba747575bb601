using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>Removes an identity with its policies and settings; one that does not exist is removed already.</summary>
internal static class DeleteIdentity
{
    public static Structure Input { get; } = new(IdentityParameters.Identity);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var name = IdentityParameters.ParseIdentity(input.Get(IdentityParameters.Identity));
        await context.Domain.Identities.DeleteAsync(context.Scope, name, cancel);
        return QueryXml.Empty;
    }
}
