namespace Signet.Storage;

/// <summary>An exception's message as the end of a sentence.</summary>
internal static class OneLine
{
    public static string Of(Exception e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
