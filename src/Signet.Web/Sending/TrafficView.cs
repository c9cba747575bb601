using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;
using Signet.Names;
using Signet.Traffic;
using Signet.Web.Shell;

namespace Signet.Web.Sending;

/// <summary>Which traffic the page shows, in the words of its address. Empty counts as not given.</summary>
internal sealed record DescribedTraffic(string? Range, string? Account, string? Region, string? Identity, string? Destination)
{
    /// <summary>Reads the words.</summary>
    /// <param name="view">What to show.</param>
    /// <param name="problem">The first word that cannot be read, in one sentence that names it.</param>
    public bool TryRead([NotNullWhen(true)] out TrafficView? view, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            (view, problem) = (Read(), null);
            return true;
        }
        catch (FormatException exception)
        {
            (view, problem) = (null, exception.Message);
            return false;
        }
    }

    private TrafficView Read() => new(
        Given(Range) is not { } range ? TrafficRange.Usual
            : TrafficRange.All.FirstOrDefault(r => r.Name == range)
                ?? throw new FormatException($"`range` is one of {string.Join(", ", TrafficRange.All.Select(r => r.Name))}, not `{range}`"),
        Given(Account) is not { } account ? null
            : AccountId.TryParse(account, out var id) ? id
            : throw new FormatException($"`account` is twelve digits, not `{account}`"),
        Given(Region) is not { } region ? null
            : Names.Region.TryParse(region, out var name) ? name
            : throw new FormatException($"`region` is a name such as us-east-1, not `{region}`"),
        (Given(Identity), Given(Destination)) switch
        {
            (null, null) => null,
            ({ } identity, null) => IdentityArn.TryParse(identity, out var arn)
                ? TrafficName.Identity(arn)
                : throw new FormatException($"`identity` is the ARN of an identity, not `{identity}`"),
            (null, { } destination) => DomainName.TryParse(destination, out var domain)
                ? TrafficName.Destination(domain)
                : throw new FormatException($"`destination` is a domain, not `{destination}`"),
            _ => throw new FormatException("traffic is of one `identity` or to one `destination`: it is not counted by both"),
        });

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>Which traffic the page shows.</summary>
/// <param name="Range">How far back.</param>
/// <param name="Account">Who sent; null is everybody that the viewer sees.</param>
/// <param name="Region">Where; null is everywhere.</param>
/// <param name="Of">One identity or destination; null is all.</param>
internal sealed record TrafficView(TrafficRange Range, AccountId? Account, Region? Region, TrafficName? Of)
{
    /// <summary>As far as the viewer may see.</summary>
    public TrafficQuery Query(Viewer viewer, DateTimeOffset now) =>
        new(Range.Since(now), now, Range.Step)
        {
            Account = viewer.Narrow(Account),
            Region = Region,
            Of = Of,
            WithServerMail = viewer.SeesServerMail,
        };
}
