using System.Runtime.CompilerServices;
using System.Text;

namespace Signet.Messages;

/// <summary>Makes the runtime know the charsets that mail still comes in: ISO-2022-JP, Shift_JIS, Windows-1252 and the rest.</summary>
internal static class CodePages
{
    /// <summary>
    /// Before anything else of this assembly runs: MimeKit asks the runtime once, when it is first used, and remembers for good what it
    /// did not know.
    /// </summary>
#pragma warning disable CA2255 // Not for libraries, says the rule, whose users may not want it; this one has only Signet.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
