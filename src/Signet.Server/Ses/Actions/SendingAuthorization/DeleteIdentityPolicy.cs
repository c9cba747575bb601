using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.SendingAuthorization;

/// <summary>Removes one policy of an identity; one that does not exist is removed already.</summary>
internal static class DeleteIdentityPolicy
{
    public static Structure Input { get; } = new(PolicyOwner.Identity, PolicyOwner.Name);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var name = PolicyOwner.ParseName(input.Get(PolicyOwner.Name));
        var text = input.Get(PolicyOwner.Identity);
        var identity = PolicyOwner.Resolve(context, nameof(DeleteIdentityPolicy), text);
        return await context.Domain.IdentityPolicies.DeleteAsync(identity, name, cancel)
            ? QueryXml.Empty
            : throw PolicyOwner.Unknown(text);
    }
}
