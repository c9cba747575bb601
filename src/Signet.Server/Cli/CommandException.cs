namespace Signet.Server.Cli;

/// <summary>A command that cannot do what it was asked to. The message is the one sentence that the user reads.</summary>
internal sealed class CommandException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It could not be done; of <c>policy explain</c>: denied.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a setting makes no sense.</summary>
    public const int Usage = 2;
}
