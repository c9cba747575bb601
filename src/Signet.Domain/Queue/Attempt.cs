namespace Signet.Queue;

/// <summary>One attempt to deliver to one recipient, as it is kept.</summary>
/// <param name="Number">From 1.</param>
/// <param name="At">When it ended.</param>
/// <param name="Duration">What it took.</param>
/// <param name="Host">Who was talked to last; null when it did not come to that.</param>
/// <param name="Address">Where that host is.</param>
/// <param name="Tls"><c>TLSv1.3</c> or <c>TLSv1.2</c>; null in clear.</param>
/// <param name="Reply">What decided, in one line.</param>
/// <param name="Outcome">Delivered, Deferred or Failed.</param>
public sealed record Attempt(
    int Number,
    DateTimeOffset At,
    TimeSpan Duration,
    string? Host,
    string? Address,
    string? Tls,
    string Reply,
    DeliveryState Outcome)
{
    /// <summary>The cipher suite by its IANA name; null in clear.</summary>
    public string? Cipher { get; init; }

    /// <summary>
    /// <c>valid</c>, or why the host's certificate is not, such as <c>self-signed; wrong name</c>; whether it mattered says the policy. Null when
    /// there was none.
    /// </summary>
    public string? Certificate { get; init; }

    /// <summary>What TLS had to be and who asked for that, <c>required by route bank.test</c>; null when it did not come to a host.</summary>
    public string? TlsPolicy { get; init; }
}

/// <summary>What names a delivery.</summary>
public readonly record struct DeliveryKey(Messages.MessageId MessageId, int Ordinal);
