using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>How verification of up to 100 identities stands; unknown ones are left out. Only domains have a token.</summary>
internal static class GetIdentityVerificationAttributes
{
    public static Structure Input { get; } = new(IdentityParameters.Identities);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var asked = IdentityParameters.ParseKnown(input.Get(IdentityParameters.Identities)).ToList();
        var found = await context.Domain.IdentityStore.FindAllAsync(context.Scope, [.. asked.Select(a => a.Name).Distinct()], cancel);
        var byName = found.ToDictionary(i => i.Arn.Name);
        var known = asked.Where(a => byName.ContainsKey(a.Name)).Select(a => KeyValuePair.Create(a.AsWritten, byName[a.Name]));
        return result => result.Map("VerificationAttributes", known, identity =>
        {
            result.Text("VerificationStatus", identity.Status.ToString());
            result.Text("VerificationToken", identity.VerificationToken);
        });
    }
}
