using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.SendingAuthorization;

/// <summary>The names of all policies of an identity, in order.</summary>
internal static class ListIdentityPolicies
{
    public static Structure Input { get; } = new(PolicyOwner.Identity);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var identity = await PolicyOwner.DemandAsync(context, nameof(ListIdentityPolicies), input.Get(PolicyOwner.Identity), cancel);
        var policies = await context.Domain.PolicyStore.ListAsync(identity, cancel);
        return result => result.List("PolicyNames", policies.Select(p => p.Name.Value));
    }
}
