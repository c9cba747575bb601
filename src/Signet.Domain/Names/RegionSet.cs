namespace Signet.Names;

/// <summary>
/// The regions that exist on a server. An account has its limits in each region, so a caller that could make regions up would have no
/// limits: a way in accepts only those of the set.
/// </summary>
public sealed class RegionSet
{
    // An error names the closest few; the whole list is in the settings.
    private const int Shown = 5;

    private readonly HashSet<Region> _members;

    /// <param name="regions">In the order given; a name that comes twice counts once.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public RegionSet(IEnumerable<Region> regions)
    {
        All = [.. regions.Distinct()];
        if (All.Count == 0)
        {
            throw new ArgumentException("a server has one region at least", nameof(regions));
        }

        _members = [.. All];
        Default = _members.Contains(Region.Default) ? Region.Default : All[0];
    }

    /// <summary>
    /// The names of all public AWS regions: commercial, GovCloud, China and the European Sovereign Cloud
    /// (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html), those without SES too.
    /// </summary>
    public static RegionSet Aws { get; } = new(
        new[]
        {
            "us-east-1", "us-east-2", "us-west-1", "us-west-2",
            "af-south-1",
            "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
            "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
            "ca-central-1", "ca-west-1",
            "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
            "il-central-1",
            "me-central-1", "me-south-1",
            "mx-central-1",
            "sa-east-1",
            "us-gov-east-1", "us-gov-west-1",
            "cn-north-1", "cn-northwest-1",
            "eusc-de-east-1",
        }.Select(Region.Parse));

    /// <summary>One at least, in the order in which they were given.</summary>
    public IReadOnlyList<Region> All { get; }

    /// <summary>The region of a request that names none: <c>us-east-1</c> if it is in the set, else the first.</summary>
    public Region Default { get; }

    public bool Contains(Region region) => _members.Contains(region);

    /// <summary>True when the text is the name of a region of the set.</summary>
    public bool TryFind(string? text, out Region region) => Region.TryParse(text, out region) && Contains(region);

    /// <exception cref="FormatException">It is none; the text is <see cref="Unknown"/>.</exception>
    public Region Find(string text) => TryFind(text, out var region) ? region : throw new FormatException(Unknown(text));

    /// <summary>Why a text is not accepted as a region, in one sentence that says what to do.</summary>
    public string Unknown(string text) =>
        $"`{(text.Length > Region.MaxLength ? $"{text[..Region.MaxLength]}…" : text)}` is not a region of this server, which has {Like(text)} (setting `--regions`)";

    /// <summary>Names a few regions, first those that begin as the text does, and counts the others.</summary>
    public string Like(string text)
    {
        var shown = string.Join(", ", All.OrderByDescending(r => r.Value.AsSpan().CommonPrefixLength(text)).Take(Shown));
        return All.Count > Shown ? $"{shown} and {All.Count - Shown} more" : shown;
    }

    public override string ToString() => string.Join(",", All);
}
