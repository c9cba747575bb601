using System.Globalization;
using System.Net;
using Signet.Addresses;
using Signet.Delivery;
using Signet.Delivery.Destinations;
using Signet.Names;
using Signet.Server.Hosting;
using Signet.Storage;
using Signet.Web.SignIn;
using Route = Signet.Delivery.Route;

namespace Signet.Server;

/// <summary>Makes sense of the texts of settings, or says in one sentence which of them makes none.</summary>
internal sealed class SettingsReader
{
    private const int SecretKeyLength = 32;
    private const long MinRetainSize = 1L << 20;
    private const long MaxRetainSize = 1L << 50;
    private static readonly TimeSpan MaxRetain = TimeSpan.FromDays(3650);

    private readonly SettingsTexts texts;
    private readonly SettingsSurroundings surroundings;
    private readonly bool isDev;

    private SettingsReader(SettingsTexts texts, SettingsSurroundings surroundings, bool isDev)
    {
        this.texts = texts;
        this.surroundings = surroundings;
        this.isDev = isDev;
    }

    /// <summary>The settings of <c>dev</c> or <c>serve</c>.</summary>
    /// <param name="isDev">Which of the two.</param>
    /// <param name="commandLine">Values by option name without hyphens; an option that was not given is not there.</param>
    /// <param name="surroundings">Environment and directory.</param>
    /// <exception cref="SettingsException">One of them makes no sense.</exception>
    public static Settings Read(
        bool isDev, IReadOnlyDictionary<string, IReadOnlyList<string>> commandLine, SettingsSurroundings surroundings)
    {
        var texts = SettingsTexts.Gather(isDev ? SettingUse.Dev : SettingUse.Serve, commandLine, surroundings);
        return new SettingsReader(texts, surroundings, isDev).ReadServer();
    }

    /// <summary>
    /// The settings of a command that works on the store of <c>serve</c> (or of <c>dev</c>, whose defaults for the store are the
    /// same). Listeners and routes are not looked at.
    /// </summary>
    /// <exception cref="SettingsException">One of them makes no sense.</exception>
    public static CommandSettings ReadCommand(
        IReadOnlyDictionary<string, IReadOnlyList<string>> commandLine, SettingsSurroundings surroundings)
    {
        var texts = SettingsTexts.Gather(SettingUse.Command, commandLine, surroundings);
        var reader = new SettingsReader(texts, surroundings, isDev: false);
        return new CommandSettings(
            reader.Store(), reader.Domain(SettingsTable.Hostname), reader.MachineName(), reader.PublicUrl(), reader.Domain(SettingsTable.DkimZone), reader.MaxMessageSize(),
            reader.Regions());
    }

    private Settings ReadServer()
    {
        RefuseForeign();
        var allowed = AllowedHosts();
        var settings = new Settings
        {
            IsDev = isDev,
            PassedOver = texts.PassedOver,
            Http = Listeners(SettingsTable.Http, "127.0.0.1:8025", allowed),
            Smtp = Listeners(SettingsTable.Smtp, "127.0.0.1:1025", allowed),
            Inspection = isDev ? [] : Listeners(SettingsTable.Inspection, "127.0.0.1:8026", allowed),
            Store = Store(),
            Routes = Routes(),
            Retain = Retain(),
            RetainSize = RetainSize(),
            Hostname = Hostname(),
            Dns = Dns(),
            MxPort = Number(SettingsTable.MxPort, 25, 1, 65535),
            Receivers = Receivers(),
            AllowsPrivateHosts = isDev || Switch(SettingsTable.AllowPrivateHosts),
            AllowedHosts = allowed,
            TrustedProxies = TrustedProxies(),
            Strict = Switch(SettingsTable.Strict),
            PublicUrl = PublicUrl(),
            MaxMessageSize = MaxMessageSize(),
            DkimZone = Domain(SettingsTable.DkimZone),
            Dkim = Dkim(),
            Regions = Regions() ?? RegionSet.Aws,
            Tls = Tls(),
            External = External(),
            LogLevel = OneOf(SettingsTable.LogLevel, Logging.Levels, LogLevel.Information),
            LogFormat = OneOf(SettingsTable.LogFormat, Logging.Formats, LogFormat.Text),
        };

        RefuseShortHostname(settings);
        return settings is { Http: [], Inspection: [] }
            ? throw new SettingsException($"`--http` is `none`{(isDev ? "" : ", and so is `--inspection`")}: nothing would listen")
            : settings;
    }

    /// <summary>The command line cannot name an option of the other command; environment and file can.</summary>
    private void RefuseForeign()
    {
        var (use, name, other) = isDev ? (SettingUse.Dev, "dev", "serve") : (SettingUse.Serve, "serve", "dev");
        foreach (var option in SettingsTable.All.Where(o => !o.Use.HasFlag(use)))
        {
            if (texts[option] is [var text, ..])
            {
                throw Wrong(option, text, $"`signet {name}` does not take it, `signet {other}` does");
            }
        }
    }

    private AllowedHosts AllowedHosts() => Hosting.AllowedHosts.Parse(List(SettingsTable.AllowHost).Select(entry =>
        Hosting.AllowedHosts.CanRead(entry.Value)
            ? entry.Value
            : throw Wrong(SettingsTable.AllowHost, entry.Text, "it takes host names, IP addresses and `*.` before a domain, separated by commas")));

    private IReadOnlyList<IPNetwork> TrustedProxies() => [.. List(SettingsTable.TrustProxy).Select(entry =>
        IPNetwork.TryParse(entry.Value, out var network) ? network
        : IPAddress.TryParse(entry.Value, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw Wrong(SettingsTable.TrustProxy, entry.Text, "it takes IP addresses and networks such as `10.0.0.0/8`, separated by commas"))];

    /// <summary>Every entry of an option whose texts may be lists separated by commas, with the text that it comes from.</summary>
    private IEnumerable<(string Value, SettingText Text)> List(SettingOption option) =>
        texts[option].SelectMany(text => text.Value.Split(',', StringSplitOptions.TrimEntries).Select(value => (value, text)));

    private IReadOnlyList<ListenAddress> Listeners(SettingOption option, string fallback, AllowedHosts allowed)
    {
        var given = texts[option];
        if (given.Count == 0)
        {
            return [ListenAddress.Parse(fallback)];
        }

        if (given is [{ Value: "none" }])
        {
            return [];
        }

        return [.. given.Select(text =>
            text.Value == "none" ? throw Wrong(option, text, "`none` stands alone")
            : !ListenAddress.TryParse(text.Value, out var address)
                ? throw Wrong(option, text, "it takes HOST:PORT, HOST being an IP address, `localhost` or `*`, or `none`")
            : isDev && !address.IsLoopback && allowed.IsEmpty
                ? throw Wrong(
                    option, text,
                    "`signet dev` has no login, so it listens on loopback only, unless `--allow-host` names the hosts that it may be called by")
            : address)];
    }

    private StoreSettings Store()
    {
        var data = One(SettingsTable.Data)?.Value ?? ".signet";
        return new StoreSettings(
            Path.GetFullPath(data, surroundings.Directory), One(SettingsTable.Database)?.Value, DatabaseConnections(), SecretKey());
    }

    private int? DatabaseConnections() =>
        One(SettingsTable.DatabaseConnections) is not { } text ? null
        : One(SettingsTable.Database) is null
            ? throw Wrong(SettingsTable.DatabaseConnections, text, "`--database` is missing, and SQLite takes no connections")
        : Number(SettingsTable.DatabaseConnections, 20, 2, 10_000);

    private byte[]? SecretKey()
    {
        if (One(SettingsTable.SecretKey) is not { } text)
        {
            return null;
        }

        var key = new byte[SecretKeyLength];
        return Convert.TryFromBase64String(text.Value, key, out var length) && length == SecretKeyLength
            ? key
            : throw Wrong(SettingsTable.SecretKey, text with { Value = "***" }, "it takes 32 bytes in base64");
    }

    private List<Route> Routes()
    {
        List<Route> routes = [.. texts[SettingsTable.Route].Select(text =>
            Route.TryParse(text.Value, out var route, out var problem) ? route
            : throw Wrong(
                SettingsTable.Route,
                text with { Value = WithoutPassword(text.Value) },
                problem ?? "it takes [PATTERN=]TARGET, TARGET being `capture`, `mx`, `smtp://[user:pass@]host[:port]` or `smtps://…`, perhaps with `?tls=LEVEL`"))];
        if (routes is not [.., { Pattern: RoutePattern.All }])
        {
            routes.Add(isDev ? Route.CaptureAll : new Route(new RoutePattern.All(), new RouteTarget.Mx()));
        }

        return routes;
    }

    private TimeSpan Retain()
    {
        if (One(SettingsTable.Retain) is not { } text)
        {
            return TimeSpan.FromDays(isDev ? 7 : 3);
        }

        return Quantities.TryParseSpan(text.Value, out var span) && span >= TimeSpan.FromMinutes(1) && span <= MaxRetain
            ? span
            : throw Wrong(SettingsTable.Retain, text, "it takes a span from `1m` to `3650d`: a number and `d`, `h`, `m` or `s`");
    }

    private long? RetainSize()
    {
        if (One(SettingsTable.RetainSize) is not { } text)
        {
            return null;
        }

        return Quantities.TryParseSize(text.Value, out var bytes) && bytes is >= MinRetainSize and <= MaxRetainSize
            ? bytes
            : throw Wrong(SettingsTable.RetainSize, text, "it takes a size from `1M` to `1024T`: a number and `K`, `M`, `G` or `T`, which are 1024 times each other");
    }

    private DomainName Hostname() => Domain(SettingsTable.Hostname) ?? MachineName();

    private void RefuseShortHostname(Settings settings)
    {
        if (settings.HasFullHostname || !settings.Routes.Any(r => r.Target is RouteTarget.Mx))
        {
            return;
        }

        const string why = "mail exchangers (the route `mx`) refuse a server without a full name: "
            + "set it to the name that this server has in the DNS, for instance `mail.example.com`";
        throw One(SettingsTable.Hostname) is { } text
            ? Wrong(SettingsTable.Hostname, text, why)
            : new SettingsException($"`{SettingsTable.Hostname.Flag}` is missing, and this machine is called `{settings.Hostname}`: {why}");
    }

    private DomainName MachineName() =>
        DomainName.TryParse(surroundings.MachineName, out var name) ? name : DomainName.Parse("localhost");

    private DomainName? Domain(SettingOption option) =>
        One(option) is not { } text ? null
        : DomainName.TryParse(text.Value, out var name) ? name
        : throw Wrong(option, text, "it takes a domain name");

    private IPEndPoint? Dns() =>
        One(SettingsTable.Dns) is not { } text ? null
        : ListenAddress.TryParse(text.Value, out var address) && address.Port > 0 ? address.EndPoint
        : throw Wrong(SettingsTable.Dns, text, "it takes HOST:PORT, HOST being an IP address");

    private Uri? PublicUrl() =>
        One(SettingsTable.PublicUrl) is not { } text ? null
        : !Uri.TryCreate(text.Value.TrimEnd('/'), UriKind.Absolute, out var url)
            || url is not { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
                ? throw Wrong(SettingsTable.PublicUrl, text, "it takes an http or https URL without a query")
        : url.AbsolutePath != "/"
            ? throw Wrong(SettingsTable.PublicUrl, text, "it takes no path: Signet must be at the root of a host")
        : url;

    private ServerDkim? Dkim()
    {
        SettingOption[] options = [SettingsTable.DkimDomain, SettingsTable.DkimSelector, SettingsTable.DkimKey];
        SettingText?[] texts = Array.ConvertAll(options, One);
        if (texts is [{ } domain, { } selector, { } key])
        {
            return !DomainName.TryParse(domain.Value, out var name) ? throw Wrong(options[0], domain, "it takes a domain name")
                : !DomainName.TryParse(selector.Value, out var labels)
                    ? throw Wrong(options[1], selector, "it takes letters, digits and hyphens, as in a domain name")
                : new ServerDkim(name, labels.Value, Full(key));
        }

        var given = Array.FindIndex(texts, t => t is not null);
        return given < 0 ? null : throw Wrong(
            options[given], texts[given]!.Value, $"`{options[Array.FindIndex(texts, t => t is null)].Flag}` is missing: the three go together");
    }

    private Receivers Receivers()
    {
        if (One(SettingsTable.Receivers) is not { } text)
        {
            return Delivery.Destinations.Receivers.Shipped;
        }

        try
        {
            return Delivery.Destinations.Receivers.Shipped.With(File.ReadAllText(Full(text)));
        }
        catch (FormatException exception)
        {
            throw Wrong(SettingsTable.Receivers, text, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(SettingsTable.Receivers, text, $"the file cannot be read: {exception.Message.TrimEnd('.').ReplaceLineEndings(" ")}");
        }
    }

    private RegionSet? Regions()
    {
        List<Region> regions = [];
        foreach (var (name, text) in List(SettingsTable.Regions))
        {
            regions.Add(Region.TryParse(name, out var region) ? region : throw Wrong(
                SettingsTable.Regions, text, "it takes names such as `us-east-1`, of lower-case letters, digits and hyphens, separated by commas"));
        }

        return regions.Count == 0 ? null : new RegionSet(regions);
    }

    private TlsFiles? Tls()
    {
        var key = One(SettingsTable.TlsKey);
        if (One(SettingsTable.TlsCertificate) is { } certificate)
        {
            return new TlsFiles(Full(certificate), key is { } file ? Full(file) : null);
        }

        return key is { } lonely ? throw Wrong(SettingsTable.TlsKey, lonely, "`--tls-certificate` is missing") : null;
    }

    private ExternalSignIn? External()
    {
        SettingOption[] options = [SettingsTable.OidcAuthority, SettingsTable.OidcClientId, SettingsTable.OidcClientSecret];
        SettingText?[] texts = Array.ConvertAll(options, One);
        var claim = One(SettingsTable.OidcClaim);
        if (texts is [{ } authority, { } id, { } secret])
        {
            return Uri.TryCreate(authority.Value, UriKind.Absolute, out var url) && url is { UserInfo: "", Query: "", Fragment: "" }
                && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
                    ? new ExternalSignIn(url, id.Value, secret.Value, claim?.Value ?? "email")
                    : throw Wrong(options[0], authority, "it takes an https URL without a user, a query or a fragment");
        }

        var given = Array.FindIndex(texts, t => t is not null);
        return given >= 0
            ? throw Wrong(
                options[given], texts[given]!.Value,
                $"`{options[Array.FindIndex(texts, t => t is null)].Flag}` is missing: the three go together")
            : claim is { } lonely ? throw Wrong(SettingsTable.OidcClaim, lonely, "`--oidc-authority` is missing")
            : null;
    }

    private string Full(SettingText path) => Path.GetFullPath(path.Value, surroundings.Directory);

    private int Number(SettingOption option, int fallback, int min, int max) =>
        One(option) is not { } text ? fallback
        : int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
        : throw Wrong(option, text, string.Create(CultureInfo.InvariantCulture, $"it takes a number from {min} to {max}"));

    private int MaxMessageSize() => Number(SettingsTable.MaxMessageSize, 10_485_760, 1024, 104_857_600);

    private T OneOf<T>(SettingOption option, IReadOnlyDictionary<string, T> words, T fallback) =>
        One(option) is not { } text ? fallback
        : words.TryGetValue(text.Value, out var value) ? value
        : throw Wrong(option, text, $"it takes {string.Join(", ", words.Keys.SkipLast(1).Select(w => $"`{w}`"))} or `{words.Keys.Last()}`");

    private bool Switch(SettingOption option) => One(option) is { } text && text.Value switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw Wrong(option, text, "it is `true` or `false`"),
    };

    private SettingText? One(SettingOption option) => texts[option] switch
    {
        [] => null,
        [{ Value: "" } text] => throw Wrong(option, text, "it is empty"),
        [var text] => text,
        [_, var second, ..] => throw Wrong(option, second, "it is given more than once"),
    };

    private static string WithoutPassword(string route)
    {
        var at = route.LastIndexOf('@');
        var start = route.IndexOf("://", StringComparison.Ordinal);
        return at < 0 || start < 0 || start > at ? route : $"{route[..(start + 3)]}***{route[at..]}";
    }

    private static SettingsException Wrong(SettingOption option, SettingText text, string why) =>
        new($"`{option.Flag}` cannot be `{(option == SettingsTable.OidcClientSecret ? "***" : text.Value)}` ({text.Origin}): {why}");
}

/// <summary>What commands that open the store need of the configuration.</summary>
/// <param name="Store">Which store.</param>
/// <param name="Hostname">Our name in messages; null for that of the server that started last on the store.</param>
/// <param name="MachineName">The hostname if no server has.</param>
/// <param name="PublicUrl">What confirmation links begin with; null for what the hostname gives.</param>
/// <param name="DkimZone">Where DKIM keys are published; null for the zone of the server that started last on the store.</param>
/// <param name="MaxMessageSize">Bytes of a message after encoding.</param>
/// <param name="Regions">Null for those of the server that started last on the store.</param>
internal sealed record CommandSettings(
    StoreSettings Store,
    DomainName? Hostname,
    DomainName MachineName,
    Uri? PublicUrl,
    DomainName? DkimZone,
    int MaxMessageSize,
    RegionSet? Regions);
