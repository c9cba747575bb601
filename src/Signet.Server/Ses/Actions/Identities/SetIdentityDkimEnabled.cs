using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>Turns Easy DKIM signing of an identity on or off; its verification goes on either way.</summary>
internal static class SetIdentityDkimEnabled
{
    private static readonly Member<bool> Enabled = Member.Required("DkimEnabled", Shapes.Flag);

    public static Structure Input { get; } = new(IdentityParameters.Identity, Enabled);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var text = input.Get(IdentityParameters.Identity);
        var name = IdentityParameters.ParseIdentity(text);
        return await context.Domain.Identities.SetDkimEnabledAsync(context.Scope, name, input.Get(Enabled), cancel)
            ? QueryXml.Empty
            : throw new AwsException(SesError.InvalidParameterValue($"Domain {text} is not verified for DKIM signing."));
    }
}
