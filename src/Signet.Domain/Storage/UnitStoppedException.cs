namespace Signet.Storage;

/// <summary>One of a unit's own statements stopped it, on purpose: nothing of it is stored, and the caller knows what it asked for.</summary>
internal sealed class UnitStoppedException : Exception
{
    /// <summary>SQLSTATE of such a statement; codes that begin so are nobody else's.</summary>
    public const string SqlState = "SG001";
}
