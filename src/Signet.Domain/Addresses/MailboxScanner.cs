using System.Text;

namespace Signet.Addresses;

/// <summary>Finds where the mailboxes of a list begin and end: quotes, comments, angles and groups (RFC 5322 §3.4).</summary>
internal sealed class MailboxScanner(string text)
{
    private int position;

    /// <summary>What stopped the reading; null while all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>
    /// Reads up to the next <c>,</c> <c>;</c> or <c>:</c> outside of quotes, comments and angles, and past it.
    /// Returns that character, or NUL at the end of the text.
    /// </summary>
    public char ReadElement(out MailboxParser.Element element)
    {
        var start = position;
        var words = new StringBuilder();
        string? phrase = null, angle = null, comment = null;
        var end = '\0';
        while (position < text.Length && end == '\0' && Problem is null)
        {
            var c = text[position];
            switch (c)
            {
                case ',' or ';' or ':':
                    end = c;
                    break;
                case '(':
                    var inside = ReadComment();
                    comment ??= inside;
                    break;
                case '"':
                    words.Append(ReadQuoted());
                    break;
                case '<' when angle is not null:
                    Problem = "Extra route-addr";
                    break;
                case '<':
                    phrase = words.ToString();
                    words.Clear();
                    angle = ReadAngle();
                    break;
                case ')' or '>':
                    Problem = c == ')' ? "Missing '('" : "Missing '<'";
                    break;
                default:
                    words.Append(c);
                    break;
            }

            position++;
        }

        var written = text[start..(end == '\0' ? Math.Min(position, text.Length) : position - 1)].Trim();
        var rest = words.ToString().Trim();
        if (angle is not null && rest.Length > 0)
        {
            Problem ??= "Illegal address";
        }

        var name = string.IsNullOrWhiteSpace(phrase) ? comment : phrase;
        element = new MailboxParser.Element(start, written, name, angle ?? rest, angle is not null);
        return end;
    }

    /// <summary>True if the group that has just begun has its <c>;</c>.</summary>
    public bool GroupEnds()
    {
        // INVARIANT: looks as far as the group's own end only, so that all calls together read the text once more.
        var back = position;
        for (; position < text.Length && text[position] != ';' && Problem is null; position++)
        {
            _ = text[position] switch { '(' => ReadComment(), '"' => ReadQuoted(), '<' => ReadAngle(), _ => null };
        }

        var found = Problem is null && position < text.Length;
        (position, Problem) = (back, null);
        return found;
    }

    /// <summary>The text from a place to its end, trimmed.</summary>
    public string Rest(int start) => text[start..].Trim();

    // Each of these starts on its opening character and ends on its closing one.
    private string ReadComment()
    {
        var start = position + 1;
        var depth = 1;
        while (depth > 0 && ++position < text.Length)
        {
            switch (text[position])
            {
                case '\\':
                    position++;
                    break;
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
            }
        }

        return Closed(start, "Missing ')'");
    }

    private string ReadQuoted()
    {
        var start = position;
        SkipQuoted();
        var quoted = Closed(start, "Missing '\"'");
        return quoted + '"';
    }

    private string ReadAngle()
    {
        var start = position + 1;
        for (position++; position < text.Length && text[position] != '>'; position++)
        {
            if (text[position] == '\\')
            {
                position++;
            }
            else if (text[position] == '"')
            {
                SkipQuoted();
                if (position >= text.Length)
                {
                    return Closed(start, "Missing '\"'");
                }
            }
        }

        return Closed(start, "Missing '>'").Trim();
    }

    private void SkipQuoted()
    {
        for (position++; position < text.Length && text[position] != '"'; position++)
        {
            if (text[position] == '\\')
            {
                position++;
            }
        }
    }

    private string Closed(int start, string problem)
    {
        if (position < text.Length)
        {
            return text[start..position];
        }

        Problem = problem;
        return "";
    }
}
