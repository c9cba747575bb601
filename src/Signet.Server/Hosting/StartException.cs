namespace Signet.Server.Hosting;

/// <summary>Signet cannot start or go on, or a command cannot open its store. The message is the one sentence that the operator reads.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
