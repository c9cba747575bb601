using System.Security.Cryptography.X509Certificates;

namespace Signet.Smtp;

/// <summary>How a connection is opened.</summary>
public sealed record SmtpClientOptions
{
    /// <summary>Our name, for EHLO.</summary>
    public required string Hostname { get; init; }

    /// <summary>The server's name: sent in the handshake (SNI), and what a certificate that is checked must be for.</summary>
    public required string ServerName { get; init; }

    public TlsUse Tls { get; init; } = TlsUse.IfOffered;

    /// <summary>Whether a certificate must be trusted and be for <see cref="ServerName"/>; if not, any will do (RFC 7435).</summary>
    public bool CheckCertificate { get; init; }

    /// <summary>Who requires TLS or a valid certificate, for the text of a failure; null when it may do without.</summary>
    public string? TlsRequiredBy { get; init; }

    /// <summary>The authorities that certificates are trusted from; null for those of the system.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>Null: no AUTH.</summary>
    public SmtpLogin? Login { get; init; }

    public SmtpTimeouts Timeouts { get; init; } = SmtpTimeouts.Default;

    /// <summary>Cuts all time limits, but for that of the answer to a final dot; null cuts none.</summary>
    public Patience? Patience { get; init; }
}

/// <summary>When a conversation is encrypted.</summary>
public enum TlsUse
{
    Never,

    /// <summary>STARTTLS when the server has it.</summary>
    IfOffered,

    /// <summary>STARTTLS, or nothing is sent.</summary>
    Required,

    /// <summary>From the first byte.</summary>
    Implicit,
}

/// <summary>What AUTH sends.</summary>
/// <param name="User">Not empty, no NUL.</param>
/// <param name="Password">No NUL.</param>
public sealed record SmtpLogin(string User, string Password)
{
    public override string ToString() => $"{User}:***";
}
