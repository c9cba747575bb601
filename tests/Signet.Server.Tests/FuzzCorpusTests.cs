using System.Runtime.CompilerServices;
using Signet.Fuzz;

namespace Signet.Server.Tests;

/// <summary>Every input the fuzzers start from, and every one that once broke a parser, runs on every test run.</summary>
public sealed class FuzzCorpusTests
{
    public static TheoryData<string, string> Inputs()
    {
        var data = new TheoryData<string, string>();
        foreach (var target in FuzzTargets.All.Keys)
        {
            var files = Directory.GetFiles(Path.Combine(Corpus(), target));
            Assert.NotEmpty(files);
            foreach (var file in files.Order(StringComparer.Ordinal))
            {
                data.Add(target, Path.GetFileName(file));
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void A_parser_survives_its_corpus_and_every_prefix_of_it(string target, string file)
    {
        var input = File.ReadAllBytes(Path.Combine(Corpus(), target, file));
        var step = Math.Max(1, input.Length / 256);

        for (var length = 0; length < input.Length; length += step)
        {
            FuzzTargets.All[target](input.AsSpan(0, length));
        }

        FuzzTargets.All[target](input);
    }

    private static string Corpus([CallerFilePath] string caller = "") =>
        Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "fuzz", "Corpus");
}
