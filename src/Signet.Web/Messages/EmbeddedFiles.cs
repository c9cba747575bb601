using System.Reflection;
using System.Text;

namespace Signet.Web.Messages;

/// <summary>The files that are embedded from <c>Snippets</c> and <c>TestMail</c>, by folder and name.</summary>
internal static class EmbeddedFiles
{
    public static byte[] Bytes(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new ArgumentException($"no file `{name}` is embedded", nameof(name));
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>With line ends of one character, whatever the checkout had.</summary>
    public static string Text(string name) => Encoding.UTF8.GetString(Bytes(name)).ReplaceLineEndings("\n");
}
