using Signet.Policies;
using Signet.Server.Ses.Protocol;

namespace Signet.Server.Ses.Actions.SendingAuthorization;

/// <summary>Stores one sending-authorization policy on an identity; a policy of that name is replaced.</summary>
internal static class PutIdentityPolicy
{
    private static readonly Member<string> Policy = Member.Required("Policy", Shapes.Text(min: 1));

    public static Structure Input { get; } = new(PolicyOwner.Identity, PolicyOwner.Name, Policy);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var name = PolicyOwner.ParseName(input.Get(PolicyOwner.Name));
        var text = input.Get(PolicyOwner.Identity);
        var identity = await PolicyOwner.DemandAsync(context, nameof(PutIdentityPolicy), text, cancel);
        if (!PolicyDocument.TryParseForIdentity(input.Get(Policy), identity, out var document, out var problem))
        {
            throw new SesException(SesError.InvalidPolicy(problem));
        }

        return await context.Domain.Policies.PutAsync(identity, name, document.CompactText, cancel)
            ? XmlReply.Empty
            : throw new SesException(SesError.InvalidParameterValue(
                $"Number of policies for <{text}> exceeds max allowed number of policies per resource"));
    }
}
