namespace Signet.Server.Ses;

/// <summary>What the host decides of the SES API.</summary>
internal sealed record SesOptions
{
    /// <summary>The largest message in bytes after encoding; bounds the request bodies that are read.</summary>
    public int MaxMessageBytes { get; init; } = 10_485_760;

    /// <summary>Whether every action that does not send is limited to one request per second.</summary>
    public required bool LimitRequests { get; init; }

    /// <summary>
    /// What GetSendQuota answers for limits that there are none of: SES documents -1. Some clients reckon with it as with a number, so
    /// <c>signet dev</c> answers large ones.
    /// </summary>
    public (double Max24HourSend, double MaxSendRate) Unlimited { get; init; } = (-1, -1);
}
