using Signet.Addresses;

namespace Signet.Messages;

/// <summary>Text and the charset to send it in.</summary>
/// <param name="Data">The text.</param>
/// <param name="Charset">
/// The charset the caller named; null when none was named, which means UTF-8. UTF-8 also takes the place of a charset that does not
/// have all characters of the text.
/// </param>
public sealed record TextPart(string Data, Charset? Charset);
