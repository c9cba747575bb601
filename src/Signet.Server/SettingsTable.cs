namespace Signet.Server;

/// <summary>Who takes an option.</summary>
[Flags]
internal enum SettingUse
{
    Dev = 1,
    Serve = 2,

    /// <summary>The commands that open the store and end.</summary>
    Command = 4,

    Servers = Dev | Serve,
    Everyone = Servers | Command,
}

/// <summary>One setting: <c>--mx-port</c>, <c>SIGNET_MX_PORT</c>, <c>"mx-port"</c> in the file.</summary>
/// <param name="Name">Lower case, words joined by hyphens.</param>
/// <param name="Argument">What its value is called in help; null for a switch.</param>
/// <param name="Use">Who takes it.</param>
/// <param name="Meaning">One line of help.</param>
/// <param name="Repeatable">
/// May be given several times: separated by commas in the environment, as an array in the file.
/// </param>
internal sealed record SettingOption(string Name, string? Argument, SettingUse Use, string Meaning, bool Repeatable = false)
{
    public string Flag => $"--{Name}";

    public string Variable => $"SIGNET_{Name.ToUpperInvariant().Replace('-', '_')}";
}

/// <summary>Every setting there is. The command line, the environment and the file are read by this table.</summary>
internal static class SettingsTable
{
    public static SettingOption Http { get; } = new("http", "HOST:PORT", SettingUse.Servers, "SES API and health; in dev also inspection and metrics (127.0.0.1:8025)", Repeatable: true);

    public static SettingOption Smtp { get; } = new("smtp", "HOST:PORT", SettingUse.Servers, "SMTP submission (127.0.0.1:1025)", Repeatable: true);

    public static SettingOption Inspection { get; } = new("inspection", "HOST:PORT", SettingUse.Serve, "inspection and metrics (127.0.0.1:8026)", Repeatable: true);

    public static SettingOption Data { get; } = new("data", "DIR", SettingUse.Everyone, "SQLite file, keys, certificates (.signet)");

    public static SettingOption Database { get; } = new("database", "CONNECTION", SettingUse.Everyone, "PostgreSQL connection string (the SQLite file in --data)");

    public static SettingOption DatabaseConnections { get; } = new("database-connections", "N", SettingUse.Everyone, "maximum number of connections to PostgreSQL (20)");

    public static SettingOption SecretKey { get; } = new("secret-key", "BASE64", SettingUse.Everyone, "32 bytes that encrypt secrets at rest (a file in --data)");

    public static SettingOption Route { get; } = new("route", "[PATTERN=]TARGET", SettingUse.Servers, "where mail goes; first match wins (dev: capture, serve: mx)", Repeatable: true);

    public static SettingOption RetainSize { get; } = new(
        "retain-size", "SIZE", SettingUse.Servers, "how much content of finished messages is kept at most: a number and K, M, G or T (no limit)");

    public static SettingOption Retain { get; } = new("retain", "SPAN", SettingUse.Servers, "how long a finished message's content is kept (dev: 7d, serve: 3d)");

    public static SettingOption Hostname { get; } = new("hostname", "NAME", SettingUse.Everyone, "the server's name in EHLO, Message-ID and Received (the machine's)");

    public static SettingOption Dns { get; } = new("dns", "HOST:PORT", SettingUse.Servers, "resolver for MX, TXT and CNAME (the system's)");

    public static SettingOption MxPort { get; } = new("mx-port", "PORT", SettingUse.Servers, "port of mail exchangers (25)");

    public static SettingOption Receivers { get; } = new("receivers", "FILE", SettingUse.Servers, "what receivers take, over the file that `signet receivers print` writes (none)");

    public static SettingOption AllowPrivateHosts { get; } = new("allow-private-hosts", null, SettingUse.Serve, "mail exchangers may be on this machine or in a private network");

    public static SettingOption AllowHost { get; } = new("allow-host", "NAME", SettingUse.Dev, "hosts other than loopback that are answered; --http may then listen anywhere", Repeatable: true);

    public static SettingOption TrustProxy { get; } = new("trust-proxy", "CIDR", SettingUse.Serve, "proxies whose X-Forwarded-For, -Proto and -Host count (none)", Repeatable: true);

    public static SettingOption Strict { get; } = new("strict", null, SettingUse.Dev, "checks and limits as in production; mail still stays on this machine");

    public static SettingOption PublicUrl { get; } = new("public-url", "URL", SettingUse.Everyone, "beginning of confirmation links (the first HTTP listener)");

    public static SettingOption MaxMessageSize { get; } = new("max-message-size", "BYTES", SettingUse.Everyone, "largest message after encoding (10485760)");

    public static SettingOption Regions { get; } = new("regions", "LIST", SettingUse.Everyone, "the existing regions, separated by commas (AWS's)", Repeatable: true);

    public static SettingOption DkimZone { get; } = new("dkim-zone", "DOMAIN", SettingUse.Everyone, "where the DKIM keys of all identities are published");

    public static SettingOption DkimDomain { get; } = new("dkim-domain", "DOMAIN", SettingUse.Servers, "the server's own domain: all mail is signed with it too");

    public static SettingOption DkimSelector { get; } = new("dkim-selector", "NAME", SettingUse.Servers, "name of the public key of --dkim-key below --dkim-domain");

    public static SettingOption DkimKey { get; } = new("dkim-key", "FILE", SettingUse.Servers, "PEM RSA key that signs for --dkim-domain");

    public static SettingOption TlsCertificate { get; } = new("tls-certificate", "FILE", SettingUse.Serve, "PEM certificate with its chain: HTTPS on --http");

    public static SettingOption TlsKey { get; } = new("tls-key", "FILE", SettingUse.Serve, "PEM key, unless it is in the certificate's file");

    public static SettingOption OidcAuthority { get; } = new("oidc-authority", "URL", SettingUse.Serve, "OpenID Connect issuer that authenticates operators of the console");

    public static SettingOption OidcClientId { get; } = new("oidc-client-id", "ID", SettingUse.Serve, "Signet's client id at the issuer");

    public static SettingOption OidcClientSecret { get; } = new("oidc-client-secret", "SECRET", SettingUse.Serve, "Signet's client secret at the issuer");

    public static SettingOption OidcClaim { get; } = new("oidc-claim", "NAME", SettingUse.Serve, "the claim with the operator's name (email)");

    public static SettingOption LogLevel { get; } = new("log-level", "LEVEL", SettingUse.Servers, "trace, debug, information, warning, error or none (information)");

    public static SettingOption LogFormat { get; } = new("log-format", "FORMAT", SettingUse.Servers, "text, or json: one object per line (text)");

    /// <summary>Where the file is; the one setting that the file cannot hold.</summary>
    public static SettingOption Config { get; } = new("config", "FILE", SettingUse.Everyone, "settings file (serve and commands: signet.json if there; dev: none)");

    public static IReadOnlyList<SettingOption> All { get; } =
    [
        Http, Smtp, Inspection, Data, Database, DatabaseConnections, SecretKey, Route, Retain, RetainSize, Hostname, Dns, MxPort, Receivers, AllowPrivateHosts, AllowHost, TrustProxy, Strict, PublicUrl, MaxMessageSize, Regions,
        DkimZone, DkimDomain, DkimSelector, DkimKey, TlsCertificate, TlsKey, OidcAuthority,
        OidcClientId, OidcClientSecret, OidcClaim, LogLevel, LogFormat, Config,
    ];
}
