using System.Diagnostics;
using Signet.Identities;
using Signet.Server.Aws;

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
        var identity = PolicyOwner.Resolve(context, nameof(PutIdentityPolicy), text);
        return await context.Domain.IdentityPolicies.PutAsync(identity, name, input.Get(Policy), cancel) switch
        {
            PolicyPut.Stored => QueryXml.Empty,
            PolicyPut.NoIdentity => throw PolicyOwner.Unknown(text),
            PolicyPut.Invalid invalid => throw new AwsException(SesError.InvalidPolicy(invalid.Problem)),
            PolicyPut.TooMany => throw new AwsException(SesError.InvalidParameterValue(
                $"Number of policies for <{text}> exceeds max allowed number of policies per resource")),
            _ => throw new UnreachableException(),
        };
    }
}
