using Signet.Display;

namespace Signet.Preflight;

/// <summary>One thing that a check says of a message.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Title">A few words.</param>
/// <param name="Detail">One or two sentences: what was seen, and what to do.</param>
/// <param name="Link">The page of the standard or the provider that asks for it.</param>
public sealed record Finding(Severity Severity, string Title, string Detail, string? Link = null)
{
    private const int MaxQuoted = 200;

    /// <summary>What a stranger wrote, as a part of a detail: in backticks, and cut.</summary>
    internal static string Quote(string text) => $"`{VisibleText.Cut(text, MaxQuoted)}`";
}

/// <summary>How bad a finding is, best first.</summary>
public enum Severity
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Could be better, or could not be found out.</summary>
    Hint,

    /// <summary>Some readers will see it, or some mailbox provider may hold it against the sender.</summary>
    Warning,

    /// <summary>Broken, or refused by a large mailbox provider.</summary>
    Problem,
}
