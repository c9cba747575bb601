using Signet.Names;
using Signet.Policies;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.SendingAuthorization;

/// <summary>The members and the rule that the four policy actions share: policies belong to whoever has the identity.</summary>
internal static class PolicyOwner
{
    /// <summary>A name or an ARN.</summary>
    public static Member<string> Identity { get; } = Member.Required("Identity", Shapes.Text());

    public static Member<string> Name { get; } = Member.Required("PolicyName", Shapes.Text(1, PolicyName.MaxLength));

    /// <summary>The identity that the request names, once it is sure that the caller has it in this region, verified or not.</summary>
    /// <exception cref="AwsException">
    /// As <see cref="Resolve"/> and <see cref="Unknown"/>.
    /// </exception>
    /// <inheritdoc cref="Resolve" path="/param"/>
    public static async Task<IdentityArn> DemandAsync(ActionContext context, string action, string text, CancellationToken cancel)
    {
        var arn = Resolve(context, action, text);
        return await context.Domain.IdentityPolicies.ExistsAsync(arn, cancel) ? arn : throw Unknown(text);
    }

    /// <summary>The identity of the caller's that the request names, whether there is one or not.</summary>
    /// <param name="context">Who calls.</param>
    /// <param name="action">Without its prefix: <c>PutIdentityPolicy</c>.</param>
    /// <param name="text">The Identity of the request.</param>
    /// <exception cref="AwsException">
    /// AccessDenied for the ARN of another account's identity; <see cref="Unknown"/> for what can be no identity of the caller here,
    /// another region's included.
    /// </exception>
    public static IdentityArn Resolve(ActionContext context, string action, string text)
    {
        if (IdentityArn.TryParse(text, out var arn))
        {
            if (arn.Owner.Account != context.Scope.Account)
            {
                throw new AwsException(AwsError.NotAuthorized(context.Caller.Principal.Arn, $"ses:{action}", text));
            }
        }
        else if (IdentityName.TryParse(text, out var name))
        {
            arn = new IdentityArn(context.Scope, name);
        }

        return arn?.Owner == context.Scope ? arn : throw Unknown(text);
    }

    /// <summary>InvalidParameterValue: the text names no identity of the caller in this region.</summary>
    public static AwsException Unknown(string text) => new(SesError.InvalidParameterValue($"Identity <{text}> does not exist."));

    /// <exception cref="AwsException">InvalidParameterValue for a character that no policy's name has.</exception>
    public static PolicyName ParseName(string text) => PolicyName.TryParse(text, out var name)
        ? name
        : throw new AwsException(SesError.InvalidParameterValue(
            "PolicyName is invalid. Policy names must only include alpha-numeric characters, dashes, and underscores."));
}
