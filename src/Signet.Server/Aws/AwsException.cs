namespace Signet.Server.Aws;

/// <summary>A request that cannot go on. Caught in one place, the endpoint, which answers with <see cref="Error"/>.</summary>
internal sealed class AwsException(AwsError error) : Exception($"{error.Code}: {error.Message}")
{
    public AwsError Error { get; } = error;

    /// <summary>Whether the refusal is recorded already, or is not to be.</summary>
    public bool IsRecorded { get; init; }
}
