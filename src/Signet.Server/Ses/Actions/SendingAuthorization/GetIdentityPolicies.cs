using Signet.Policies;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.SendingAuthorization;

/// <summary>The named policies of an identity; a name that it has no policy of is left out without an error.</summary>
internal static class GetIdentityPolicies
{
    private static readonly Member<IReadOnlyList<string>> Names =
        Member.Required("PolicyNames", Shapes.ListOf(Shapes.Text(1, PolicyName.MaxLength), IPolicyStore.MaxPerIdentity));

    public static Structure Input { get; } = new(PolicyOwner.Identity, Names);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var identity = await PolicyOwner.DemandAsync(context, nameof(GetIdentityPolicies), input.Get(PolicyOwner.Identity), cancel);
        var wanted = input.Get(Names).ToHashSet(StringComparer.Ordinal);
        var policies = await context.Domain.PolicyStore.ListAsync(identity, cancel);
        return result => result.Map(
            "Policies",
            policies.Where(p => wanted.Contains(p.Name.Value)).Select(p => KeyValuePair.Create(p.Name.Value, p.Document)));
    }
}
