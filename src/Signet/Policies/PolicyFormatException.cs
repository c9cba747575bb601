namespace Signet.Policies;

/// <summary>
/// A document is not a policy. Thrown by what reads its parts and caught in one place, <see cref="PolicyDocument"/>, which gives the
/// message to its caller.
/// </summary>
internal sealed class PolicyFormatException(string message) : Exception(message)
{
    /// <summary>The line of the text, from 1, where that is known.</summary>
    public int? Line { get; init; }

    /// <summary>The statement that is wrong, from 0, where it is one.</summary>
    public int? Statement { get; init; }
}
