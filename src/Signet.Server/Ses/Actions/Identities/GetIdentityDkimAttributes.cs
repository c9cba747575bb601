using Signet.Identities;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>Easy DKIM of up to 100 identities; those there is nothing to say of are left out.</summary>
internal static class GetIdentityDkimAttributes
{
    public static Structure Input { get; } = new(IdentityParameters.Identities);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        List<KeyValuePair<string, DkimState>> known = [];
        foreach (var (asWritten, name) in IdentityParameters.ParseKnown(input.Get(IdentityParameters.Identities)))
        {
            if (await context.Domain.Identities.DkimOfAsync(context.Scope, name, cancel) is { } dkim)
            {
                known.Add(KeyValuePair.Create(asWritten, dkim));
            }
        }

        return result => result.Map("DkimAttributes", known, dkim =>
        {
            result.Flag("DkimEnabled", dkim.Enabled);
            result.Text("DkimVerificationStatus", dkim.Status.ToString());
            if (dkim.Tokens.Count > 0)
            {
                result.List("DkimTokens", dkim.Tokens);
            }
        });
    }
}
