namespace Signet.Policies;

/// <summary>
/// A document is not a policy. Thrown by what reads its parts and caught in one place, <see cref="PolicyDocument"/>, which gives the
/// message to its caller.
/// </summary>
internal sealed class PolicyFormatException(string message) : Exception(message)
{
    /// <summary>The line of the text, from 1, where that is known.</summary>
    public int? Line { get; init; }

    /// <summary>
    /// The keys that lead from the document to what is wrong, and for an item of a list its place, from 0: <c>Statement</c>, <c>0</c>,
    /// <c>Action</c>, <c>1</c>. Null where <see cref="Line"/> says it, or nothing does.
    /// </summary>
    public IReadOnlyList<string>? Path { get; init; }
}
