namespace Signet.Storage;

/// <summary>
/// The store cannot be opened: not writable, damaged, of a newer version, unreachable. The message is one sentence, fit for the
/// console. Nothing in the store was lost or overwritten.
/// </summary>
public sealed class StoreOpenException : Exception
{
    public StoreOpenException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
