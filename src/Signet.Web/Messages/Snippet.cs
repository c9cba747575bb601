using System.Text.RegularExpressions;

namespace Signet.Web.Messages;

/// <summary>
/// A program that sends a first mail, from <c>Snippets/*.txt</c>: the first line of a file is the language, the second says how to install and
/// run it, and the program follows after an empty line. <c>{{name}}</c> stands for a value; lines between <c>{{#verify}}</c> and
/// <c>{{/verify}}</c> are for servers where a program can verify its sender itself.
/// </summary>
/// <param name="Key">The name in addresses.</param>
/// <param name="Language">The name for people.</param>
/// <param name="Install">A sentence, with commands in backticks.</param>
/// <param name="Template">The program with its placeholders.</param>
public sealed partial record Snippet(string Key, string Language, string Install, string Template)
{
    /// <summary>In the order of the tabs.</summary>
    public static IReadOnlyList<Snippet> All { get; } =
        [.. new[] { "shell", "python", "node", "dotnet", "java", "go", "php", "ruby" }.Select(Load)];

    /// <summary>The program, to be run as it is.</summary>
    public string Fill(SnippetValues values) => VerifyLines().Replace(Template, values.Verifies ? "$1" : "")
        .Replace("{{endpoint}}", values.Endpoint, StringComparison.Ordinal)
        .Replace("{{region}}", values.Region, StringComparison.Ordinal)
        .Replace("{{key}}", values.Key, StringComparison.Ordinal)
        .Replace("{{secret}}", values.Secret, StringComparison.Ordinal)
        .Replace("{{sender}}", values.Sender, StringComparison.Ordinal)
        .Replace("{{recipient}}", values.Recipient, StringComparison.Ordinal);

    private static Snippet Load(string key) =>
        EmbeddedFiles.Text($"Snippets/{key}.txt").Split('\n', 4) is [var language, var install, "", var template]
            ? new Snippet(key, language, install, template.TrimEnd())
            : throw new InvalidOperationException($"the snippet `{key}` has no head");

    [GeneratedRegex(@"^\{\{#verify\}\}\n(.*?)^\{\{/verify\}\}\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex VerifyLines();
}

/// <summary>What differs between the servers that a snippet sends by.</summary>
/// <param name="Endpoint">Where the API answers, without a slash at the end.</param>
/// <param name="Region">A region of the server.</param>
/// <param name="Key">The id of an access key.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="Sender">An address to send from.</param>
/// <param name="Recipient">An address to send to.</param>
/// <param name="Verifies">Whether the program verifies the sender first.</param>
public sealed record SnippetValues(string Endpoint, string Region, string Key, string Secret, string Sender, string Recipient, bool Verifies)
{
    /// <summary>What a server knows of itself; the rest are words that say what to put there.</summary>
    /// <param name="console">Of the server.</param>
    /// <param name="address">Where the browser has the console: the API answers at the same host and port.</param>
    public static SnippetValues Of(ConsoleContext console, Uri address)
    {
        var (key, secret) = console.Facts.IsDev ? ("test", "test") : ("YOUR_ACCESS_KEY_ID", "YOUR_SECRET_ACCESS_KEY");
        var (sender, recipient) = console.Domain.VerifiesAtOnce ? ("app@example.com", "you@example.net") : ("YOUR_VERIFIED_SENDER", "YOUR_RECIPIENT");
        return new SnippetValues(
            address.GetLeftPart(UriPartial.Authority), console.Domain.Regions.Default.Value, key, secret, sender, recipient, console.Domain.VerifiesAtOnce);
    }
}
