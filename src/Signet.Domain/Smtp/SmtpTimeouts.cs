namespace Signet.Smtp;

/// <summary>
/// How long a server may take: what RFC 5321 §4.5.3.2 asks a client to wait for at least. Each is for one whole reply, so that a
/// server that trickles bytes gains nothing. The RFC has none for connecting, TLS and QUIT.
/// </summary>
public sealed record SmtpTimeouts
{
    public static SmtpTimeouts Default { get; } = new();

    /// <summary>TCP connection.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Some servers let strangers wait on purpose, or are short of processes (RFC 5321 §4.5.3.2.1).</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>EHLO, HELO, STARTTLS, each step of AUTH, RSET.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The TLS handshake.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan Mail { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan Recipient { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan Data { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>One block of content being taken, at most 64 KB.</summary>
    public TimeSpan Block { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The reply to the final dot. Too short a time here delivers messages twice.</summary>
    public TimeSpan FinalDot { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan Quit { get; init; } = TimeSpan.FromSeconds(2);
}
