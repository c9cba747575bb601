using System.Runtime.CompilerServices;

namespace Signet.Tests;

/// <summary>
/// Compares what a test got with a file beside it. <c>UPDATE_GOLDEN=1</c> rewrites the files, for a review to read. On a
/// difference, what was got is left in a <c>.got</c> file beside the wanted one.
/// </summary>
public static class Golden
{
    /// <summary>The folder <c>Cases</c>, or one below it, beside the calling test's source file.</summary>
    public static string Folder(string name = "", [CallerFilePath] string caller = "") =>
        Path.Combine(Path.GetDirectoryName(caller)!, "Cases", name);

    /// <summary>The case files of a folder by name, for <c>[MemberData]</c>; no files is an error, lest a test pass by finding nothing.</summary>
    public static TheoryData<string> Names(string folder, string pattern)
    {
        var names = Directory.GetFiles(folder, pattern).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).ToList();
        return names.Count > 0 ? [.. names] : throw new InvalidOperationException($"no case in {folder} matches {pattern}");
    }

    /// <summary>Fails unless <paramref name="got"/> is what the file holds, byte for byte.</summary>
    public static void Matches(string file, ReadOnlySpan<byte> got)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllBytes(file, got);
            return;
        }

        Assert.True(File.Exists(file), $"{file} is missing: run with UPDATE_GOLDEN=1, and read what it writes");
        var wanted = File.ReadAllBytes(file);
        if (!got.SequenceEqual(wanted))
        {
            File.WriteAllBytes(file + ".got", got);
            Assert.Equal(System.Text.Encoding.Latin1.GetString(wanted), System.Text.Encoding.Latin1.GetString(got));
        }
    }

    /// <inheritdoc cref="Matches(string, ReadOnlySpan{byte})"/>
    public static void Matches(string file, string got) => Matches(file, System.Text.Encoding.UTF8.GetBytes(got));
}
