using Signet.Server.Hosting;

namespace Signet.Server.Cli;

/// <summary>What a command finds around it: where it writes, what it is configured by, how it opens the store, its clock.</summary>
internal sealed record CommandSurroundings(
    TextWriter Output, TextWriter Error, SettingsSurroundings Settings, OpenMailSystem Open, TimeProvider Time)
{
    /// <summary>Whether <see cref="Output"/> is a terminal that moves its cursor: then what takes long shows how far it is.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Opens the place where <see cref="Output"/> goes, for bytes that are not text.</summary>
    public Func<Stream> OpenBytes { get; init; } = Console.OpenStandardOutput;

    /// <summary>Standard input.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    /// <summary>Waits for a key and does not show it; null when no person sits at <see cref="Input"/>.</summary>
    public Func<ConsoleKeyInfo>? ReadKey { get; init; }
}
