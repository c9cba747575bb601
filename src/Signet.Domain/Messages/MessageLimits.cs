namespace Signet.Messages;

/// <summary>How much a message may hold to be accepted. Far above real mail, and small enough that looking at one costs little.</summary>
public static class MessageLimits
{
    /// <summary>
    /// Parts, those of messages within the message included: "A message cannot have more than 500 MIME parts" (Amazon SES Developer
    /// Guide, "Sending raw email using the Amazon SES API").
    /// </summary>
    public const int MaxParts = 500;

    /// <summary>Levels of multiparts in each other, as in Postfix (<c>mime_nesting_limit</c>).</summary>
    public const int MaxDepth = 100;

    /// <summary>Fields of the message's own header.</summary>
    public const int MaxHeaderFields = 1000;

    /// <summary>Bytes of the message's own header, and of the header of any part.</summary>
    public const int MaxHeaderBytes = 256 * 1024;

    /// <summary>Fields in the headers of all parts together.</summary>
    public const int MaxPartHeaderFields = 10_000;

    /// <summary>Bytes in the headers of all parts together.</summary>
    public const int MaxPartHeaderBytes = 1024 * 1024;

    /// <summary>Message tags.</summary>
    public const int MaxTags = 50;

    /// <summary>Characters of the subject that are kept for lists and searches; the message itself keeps all of it.</summary>
    public const int MaxKeptSubject = 1000;
}
