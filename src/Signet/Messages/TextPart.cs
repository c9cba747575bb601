using System.Text;

namespace Signet.Messages;

/// <summary>Text and the charset it is to be sent in.</summary>
/// <param name="Data">The text.</param>
/// <param name="Charset">
/// The charset the caller named, resolved to an encoding; null when none was named, which means UTF-8. UTF-8 also takes the
/// place of a charset that cannot hold the text.
/// </param>
public sealed record TextPart(string Data, Encoding? Charset);
