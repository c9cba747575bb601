using System.Globalization;

namespace Signet.Server.Aws;

/// <summary>
/// What a value of a request has to look like. Decoding collects what SES calls validation errors, so that one answer names all
/// of them; a value that cannot even be read (a number that is none) ends the request at once with MalformedInput.
/// </summary>
/// <typeparam name="T">What the value becomes.</typeparam>
internal abstract class Shape<T>
{
    /// <summary>Whether the node holds a value of this kind at all; if not, it counts as null.</summary>
    public virtual bool IsIn(InputNode node) => node.Value is not null;

    /// <summary>Reads the value. The result is meaningful only as long as <paramref name="violations"/> is empty.</summary>
    /// <param name="node">One that <see cref="IsIn"/> is true of.</param>
    /// <param name="path">As SES names it in errors: <c>message.subject</c>, <c>tags.1.member.name</c>.</param>
    /// <param name="violations">Collects validation errors.</param>
    public abstract T Decode(InputNode node, string path, List<string> violations);
}

/// <summary>The shapes of the API's inputs.</summary>
internal static class Shapes
{
    /// <summary><c>true</c> or <c>false</c>, in any case.</summary>
    public static Shape<bool> Flag { get; } = new FlagShape();

    /// <summary>A decimal number of 32 bits.</summary>
    public static Shape<int> Number { get; } = new NumberShape();

    /// <summary>Base64 (RFC 4648 §4, padding demanded; line ends are skipped).</summary>
    public static Shape<ReadOnlyMemory<byte>> Blob { get; } = new BlobShape();

    /// <summary>Text whose length in UTF-16 units lies between the bounds.</summary>
    public static Shape<string> Text(int min = 0, int max = int.MaxValue) => new TextShape(min, max);

    /// <summary>One of a few words, with case.</summary>
    public static Shape<string> OneOf(params IReadOnlyList<string> words) => new EnumShape(words);

    /// <summary>A list with at most <paramref name="max"/> elements.</summary>
    public static Shape<IReadOnlyList<T>> ListOf<T>(Shape<T> element, int max = int.MaxValue) => new ListShape<T>(element, max);

    private sealed class FlagShape : Shape<bool>
    {
        public override bool Decode(InputNode node, string path, List<string> violations) =>
            bool.TryParse(node.Text, out var flag) && node.Text!.Length == (flag ? 4 : 5)
                ? flag
                : throw new AwsException(AwsError.MalformedInput());
    }

    private sealed class NumberShape : Shape<int>
    {
        public override int Decode(InputNode node, string path, List<string> violations) =>
            node.Value is { IsEmpty: true } ? throw new AwsException(AwsError.MalformedInput("missing value for decimal type"))
            : int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw new AwsException(AwsError.MalformedInput());
    }

    private sealed class BlobShape : Shape<ReadOnlyMemory<byte>>
    {
        public override ReadOnlyMemory<byte> Decode(InputNode node, string path, List<string> violations) =>
            node.TakeBase64() ?? throw new AwsException(AwsError.MalformedInput("invalid base64"));
    }

    private sealed class TextShape(int min, int max) : Shape<string>
    {
        public override string Decode(InputNode node, string path, List<string> violations)
        {
            var text = node.Text!;
            if (text.Length < min)
            {
                violations.Add(Violation.TooShort(path, min));
            }
            else if (text.Length > max)
            {
                violations.Add(Violation.TooLong(path, max));
            }

            return text;
        }
    }

    private sealed class EnumShape(IReadOnlyList<string> words) : Shape<string>
    {
        public override string Decode(InputNode node, string path, List<string> violations)
        {
            var text = node.Text!;
            if (!words.Contains(text, StringComparer.Ordinal))
            {
                violations.Add(Violation.NotAmong(path, words));
            }

            return text;
        }
    }

    private sealed class ListShape<T>(Shape<T> element, int max) : Shape<IReadOnlyList<T>>
    {
        public override bool IsIn(InputNode node) => true;

        public override IReadOnlyList<T> Decode(InputNode node, string path, List<string> violations)
        {
            var nodes = node.Elements();
            if (nodes.Count > max)
            {
                violations.Add(Violation.TooLong(path, max));
                return [];
            }

            List<T> elements = new(nodes.Count);
            foreach (var (index, child) in nodes.Index())
            {
                // SES counts what is there, so a number left out does not show in the path.
                var childPath = string.Create(CultureInfo.InvariantCulture, $"{path}.{index + 1}.member");
                if (element.IsIn(child))
                {
                    elements.Add(element.Decode(child, childPath, violations));
                }
                else
                {
                    violations.Add(Violation.Null(childPath));
                }
            }

            return elements;
        }
    }
}

/// <summary>
/// The sentences of SES's ValidationError (SES API Reference, "Common Errors"; their words are those that AWS's services share).
/// </summary>
internal static class Violation
{
    public static string Null(string path) => $"Value null at '{path}' failed to satisfy constraint: Member must not be null";

    public static string TooLong(string path, int max) => Failed(path, $"Member must have length less than or equal to {max}");

    public static string TooShort(string path, int min) => Failed(path, $"Member must have length greater than or equal to {min}");

    public static string NotAmong(string path, IReadOnlyList<string> words) =>
        Failed(path, $"Member must satisfy enum value set: [{string.Join(", ", words)}]");

    private static string Failed(string path, string constraint) => $"Value at '{path}' failed to satisfy constraint: {constraint}";
}
