namespace Signet.Server.Ses.Protocol;

/// <summary>A request that cannot go on. Caught in one place, the endpoint, which answers with <see cref="Error"/>.</summary>
internal sealed class SesException(SesError error) : Exception($"{error.Code}: {error.Message}")
{
    public SesError Error { get; } = error;

    /// <summary>Whether the refusal is recorded already, or is not to be.</summary>
    public bool IsRecorded { get; init; }
}
