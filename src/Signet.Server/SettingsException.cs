namespace Signet.Server;

/// <summary>A setting that makes no sense. The message is the one sentence that the operator reads.</summary>
internal sealed class SettingsException(string message) : Exception(message);
