using Signet.Server.Ses.Protocol;

namespace Signet.Server.Ses.Actions.SendingAuthorization;

/// <summary>Removes one policy of an identity; one that does not exist is removed already.</summary>
internal static class DeleteIdentityPolicy
{
    public static Structure Input { get; } = new(PolicyOwner.Identity, PolicyOwner.Name);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var name = PolicyOwner.ParseName(input.Get(PolicyOwner.Name));
        var identity = await PolicyOwner.DemandAsync(context, nameof(DeleteIdentityPolicy), input.Get(PolicyOwner.Identity), cancel);
        await context.Domain.Policies.DeleteAsync(identity, name, cancel);
        return XmlReply.Empty;
    }
}
