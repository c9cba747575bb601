using System.Text;

namespace Signet.Server.Aws;

/// <summary>
/// A place in the input of an operation, whatever it was written in: perhaps with a value, perhaps with members or elements below it. Shapes
/// read it. A form writes it in the names of parameters (<see cref="FormNode"/>).
/// </summary>
internal abstract class InputNode
{
    /// <summary>The value here as well-formed UTF-8; null when there is none.</summary>
    public abstract ReadOnlyMemory<byte>? Value { get; }

    public string? Text => Value is { } value ? Encoding.UTF8.GetString(value.Span) : null;

    /// <summary>
    /// The bytes that the value here is the base64 of (RFC 4648 §4, line ends skipped); null when it is none. They may lie where the value
    /// was, which is destroyed then.
    /// </summary>
    public abstract ReadOnlyMemory<byte>? TakeBase64();

    public abstract bool HasMembers { get; }

    /// <summary>The member of that name; null when it is absent.</summary>
    public abstract InputNode? Find(string name);

    /// <summary>The elements of a list, in order.</summary>
    /// <exception cref="AwsException">MalformedInput when this is no list.</exception>
    public abstract IReadOnlyList<InputNode> Elements();
}
