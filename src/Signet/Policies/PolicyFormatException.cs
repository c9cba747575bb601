namespace Signet.Policies;

/// <summary>
/// A document is not a policy. Thrown by what reads its parts and caught in one place, <see cref="PolicyDocument"/>, which gives the
/// message to its caller.
/// </summary>
internal sealed class PolicyFormatException(string message) : Exception(message);
