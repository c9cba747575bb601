using System.Diagnostics.CodeAnalysis;

namespace Signet.Names;

/// <summary>
/// Names one identity of one account in one region: <c>arn:aws:ses:us-east-1:111122223333:identity/example.com</c>. This is the
/// key of everything that hangs on an identity.
/// </summary>
public sealed record IdentityArn(AccountRegion Owner, IdentityName Name)
{
    private const string Resource = "identity/";

    public static bool TryParse(string? text, [NotNullWhen(true)] out IdentityArn? arn)
    {
        arn = null;
        var parts = text?.Split(':', 6);
        if (parts is not ["arn", "aws", "ses", var regionText, var accountText, var resource]
            || !Region.TryParse(regionText, out var region)
            || !AccountId.TryParse(accountText, out var account)
            || !resource.StartsWith(Resource, StringComparison.Ordinal)
            || !IdentityName.TryParse(resource[Resource.Length..], out var name))
        {
            return false;
        }

        arn = new IdentityArn(new AccountRegion(account, region), name);
        return true;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not the ARN of an identity.</exception>
    public static IdentityArn Parse(string text) =>
        TryParse(text, out var arn) ? arn : throw new FormatException($"`{text}` is not the ARN of an identity");

    public override string ToString() => $"arn:aws:ses:{Owner.Region}:{Owner.Account}:{Resource}{Name.Value}";
}
