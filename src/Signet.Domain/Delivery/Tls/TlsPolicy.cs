using System.Diagnostics.CodeAnalysis;

namespace Signet.Delivery.Tls;

/// <summary>What TLS must be, the weakest first.</summary>
public enum TlsLevel
{
    /// <summary>TLS with any certificate where the host offers it and it works; clear text otherwise (RFC 7435).</summary>
    Opportunistic,

    /// <summary>TLS with any certificate, or nothing is sent.</summary>
    Required,

    /// <summary>TLS with a certificate that is trusted, in force and for the host's name, or nothing is sent.</summary>
    Verified,
}

/// <summary>What TLS must be towards a host, and who asked for that.</summary>
/// <param name="Level">What it must be.</param>
/// <param name="AskedBy">For people: <c>default</c>, <c>route bank.test</c>, <c>receivers file [Google]</c>.</param>
public sealed record TlsPolicy(TlsLevel Level, string AskedBy)
{
    /// <summary>Where nobody asks for anything.</summary>
    public static TlsPolicy Default { get; } = new(TlsLevel.Opportunistic, "default");

    /// <summary>The words for a level in settings.</summary>
    public const string Levels = "opportunistic, required or verified";

    /// <summary>Parses a level as settings have it.</summary>
    public static bool TryParseLevel(string? text, [NotNullWhen(true)] out TlsLevel? level)
    {
        level = text switch
        {
            "opportunistic" => TlsLevel.Opportunistic,
            "required" => TlsLevel.Required,
            "verified" => TlsLevel.Verified,
            _ => null,
        };
        return level is not null;
    }

    /// <summary>The word for a level.</summary>
    public static string NameOf(TlsLevel level) => level switch
    {
        TlsLevel.Opportunistic => "opportunistic",
        TlsLevel.Required => "required",
        TlsLevel.Verified => "verified",
        _ => throw new System.Diagnostics.UnreachableException($"{level}"),
    };

    /// <summary><c>required by route bank.test</c>, as attempts and the mail log have it.</summary>
    public override string ToString() => $"{NameOf(Level)} by {AskedBy}";
}
