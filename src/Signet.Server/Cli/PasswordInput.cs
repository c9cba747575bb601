using System.Text;

namespace Signet.Server.Cli;

/// <summary>A new password, as a command gets it: from a file, from standard input, or typed twice, unseen, by a person.</summary>
internal static class PasswordInput
{
    /// <param name="surroundings">Where it is asked for; questions go to standard error, so that the answer stays clean.</param>
    /// <param name="file">Null: standard input, or the person at the terminal.</param>
    /// <param name="cancel">Stops reading; not typing.</param>
    /// <exception cref="CommandException">The file cannot be read, there is more than a line, or the two typed differ.</exception>
    public static async Task<string> ReadAsync(CommandSurroundings surroundings, string? file, CancellationToken cancel)
    {
        if (file is not null)
        {
            return OneLine(await ReadFileAsync(file, cancel), $"`{file}`");
        }

        if (surroundings.ReadKey is not { } readKey)
        {
            return OneLine(await surroundings.Input.ReadToEndAsync(cancel), "standard input");
        }

        var password = Type("Password: ", surroundings.Error, readKey);
        return Type("Again: ", surroundings.Error, readKey) == password ? password
            : throw new CommandException("the two passwords differ");
    }

    private static async Task<string> ReadFileAsync(string file, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"the password file `{file}` cannot be read: {e.Message.TrimEnd('.').ReplaceLineEndings(" ")}");
        }
    }

    // Editors and `echo` end the line; that is no part of the password.
    private static string OneLine(string text, string source)
    {
        var line = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        return line.Length == 0 ? throw new CommandException($"there is no password in {source}")
            : line.AsSpan().ContainsAny('\r', '\n') ? throw new CommandException($"{source} has more than one line; the password must be a single line")
            : line;
    }

    private static string Type(string question, TextWriter writer, Func<ConsoleKeyInfo> readKey)
    {
        writer.Write(question);
        writer.Flush();
        var typed = new StringBuilder();
        while (true)
        {
            var key = readKey();
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    writer.WriteLine();
                    return typed.ToString();
                case ConsoleKey.Backspace:
                    typed.Length = Math.Max(0, typed.Length - 1);
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        typed.Append(key.KeyChar);
                    }

                    break;
            }
        }
    }
}
