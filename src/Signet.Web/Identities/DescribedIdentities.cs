using System.Diagnostics.CodeAnalysis;
using Signet.Identities;
using Signet.Names;
using Signet.Web.Shell;

namespace Signet.Web.Identities;

/// <summary>What to look for in the list of identities, in words, as the address of the page has it. Empty is not asked for.</summary>
public sealed record DescribedIdentities
{
    public string? Text { get; init; }

    public string? Account { get; init; }

    public string? Region { get; init; }

    /// <summary><c>domain</c> or <c>address</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>As SES writes it: <c>Success</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The number of filters other than the text.</summary>
    public int Count => ((string?[])[Account, Region, Kind, Status]).Count(v => !string.IsNullOrWhiteSpace(v));

    /// <summary>Reads the words, narrowed to what the viewer may see.</summary>
    public bool TryRead(Viewer viewer, [NotNullWhen(true)] out IdentityFilter? filter, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            filter = new IdentityFilter
            {
                Text = Given(Text),
                Account = viewer.Narrow(Given(Account) is { } account ? AccountId.Parse(account) : null),
                Region = Given(Region) is { } region ? Names.Region.Parse(region) : null,
                Kind = Given(Kind) switch
                {
                    null => null,
                    "domain" => IdentityKind.Domain,
                    "address" => IdentityKind.EmailAddress,
                    var other => throw new FormatException($"`kind` is `domain` or `address`, not `{other}`"),
                },
                Status = Given(Status) is { } status ? ReadStatus(status) : null,
            };
            problem = null;
            return true;
        }
        catch (FormatException exception)
        {
            filter = null;
            problem = exception.Message;
            return false;
        }
    }

    private static VerificationStatus ReadStatus(string text)
    {
        var found = Array.FindIndex(Enum.GetNames<VerificationStatus>(), n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        return found >= 0
            ? Enum.GetValues<VerificationStatus>()[found]
            : throw new FormatException($"`status` is one of {string.Join(", ", Enum.GetNames<VerificationStatus>())}, not `{text}`");
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
