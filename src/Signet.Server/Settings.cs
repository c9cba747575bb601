using System.Net;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Delivery.Destinations;
using Signet.Names;
using Signet.Server.Hosting;
using Signet.Storage;
using Signet.Web.SignIn;
using Route = Signet.Delivery.Route;

namespace Signet.Server;

/// <summary>
/// All configuration of a running Signet: read once, validated at start, never changed. <see cref="SettingsReader"/> makes it from
/// the command line, the environment and a file; <see cref="SettingsTable"/> lists the options.
/// </summary>
internal sealed record Settings
{
    /// <summary><c>signet dev</c>; else <c>signet serve</c>.</summary>
    public required bool IsDev { get; init; }

    /// <summary>Names of environment variables that look like settings and hold the address of a service.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>SES API, health; in dev inspection and metrics too. In the order given; empty when switched off.</summary>
    public required IReadOnlyList<ListenAddress> Http { get; init; }

    /// <summary>SMTP way in.</summary>
    public required IReadOnlyList<ListenAddress> Smtp { get; init; }

    /// <summary>serve: the address of its own for inspection and metrics. Empty in dev, where <see cref="Http"/> has them.</summary>
    public required IReadOnlyList<ListenAddress> Inspection { get; init; }

    public required StoreSettings Store { get; init; }

    /// <summary>First match wins; the last one matches everything.</summary>
    public required IReadOnlyList<Route> Routes { get; init; }

    /// <summary>How long a finished message's content is kept.</summary>
    public required TimeSpan Retain { get; init; }

    /// <summary>Bytes of contents that are kept at most; null for no limit.</summary>
    public required long? RetainSize { get; init; }

    /// <summary>Our name in EHLO, Message-ID and Received.</summary>
    public required DomainName Hostname { get; init; }

    /// <summary>
    /// Whether <see cref="Hostname"/> can be a name in the public DNS, which receivers ask of a server (RFC 5321 §2.3.5): more than one
    /// label, no IP address, and not the name that a machine has for itself.
    /// </summary>
    public bool HasFullHostname =>
        Hostname.Value.Contains('.', StringComparison.Ordinal)
        && !Hostname.Value.EndsWith(".localhost", StringComparison.Ordinal)
        && !Hostname.Value.EndsWith(".localdomain", StringComparison.Ordinal)
        && !IPAddress.TryParse(Hostname.Value, out _);

    /// <summary>Whom to ask; null is the system's resolver.</summary>
    public required IPEndPoint? Dns { get; init; }

    public required int MxPort { get; init; }

    /// <summary>What the hosts of domains take.</summary>
    public required Receivers Receivers { get; init; }

    /// <summary>Whether mail exchangers may be on this machine or in a private network; always so in dev.</summary>
    public required bool AllowsPrivateHosts { get; init; }

    /// <summary>dev: what it may be called by besides loopback names.</summary>
    public required AllowedHosts AllowedHosts { get; init; }

    /// <summary>serve: whose <c>X-Forwarded-</c> headers count.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>Dev with serve's checks and limits. Always false in serve, which has them anyway.</summary>
    public required bool Strict { get; init; }

    /// <summary>What confirmation links begin with, without a final slash; null: the first HTTP listener.</summary>
    public required Uri? PublicUrl { get; init; }

    /// <summary>Bytes of a message after encoding.</summary>
    public required int MaxMessageSize { get; init; }

    /// <summary>The domain below which the DKIM keys of all identities are published.</summary>
    public required DomainName? DkimZone { get; init; }

    /// <summary>What all mail is signed with besides the sender's own signature; null: nothing.</summary>
    public required ServerDkim? Dkim { get; init; }

    /// <summary>Those that requests and commands may name.</summary>
    public required RegionSet Regions { get; init; }

    /// <summary>serve: PEM files of the certificate for the HTTP listeners; null: plain HTTP.</summary>
    public required TlsFiles? Tls { get; init; }

    /// <summary>serve: who vouches for operators of the console besides their passwords; null: nobody.</summary>
    public required ExternalSignIn? External { get; init; }

    /// <summary>The least that is logged of Signet itself; of the libraries below it warnings at least, however low this is.</summary>
    public required LogLevel LogLevel { get; init; }

    public required LogFormat LogFormat { get; init; }

    /// <summary>True when identities are verified, quotas counted and sandboxes kept as in production.</summary>
    public bool EnforcesLimits => !IsDev || Strict;

    public DevKeys DevKeys => !IsDev ? DevKeys.None : Strict ? DevKeys.Known : DevKeys.Any;

    /// <summary>How accounts and identities are treated.</summary>
    public AccountRules AccountRules => !IsDev ? AccountRules.Serve : Strict ? AccountRules.StrictDev : AccountRules.Dev;
}

/// <param name="Domain">The <c>d=</c> of the signatures.</param>
/// <param name="Selector">One or more DNS labels.</param>
/// <param name="KeyFile">PEM, an RSA private key.</param>
internal sealed record ServerDkim(DomainName Domain, string Selector, string KeyFile);

/// <param name="Certificate">PEM, with the chain.</param>
/// <param name="Key">PEM; null when the certificate's file holds it.</param>
internal sealed record TlsFiles(string Certificate, string? Key);
