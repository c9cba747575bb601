namespace Signet.Display;

/// <summary>
/// How much of what strangers wrote a view draws, whatever was accepted. A view that leaves something out says so, and leads to the whole.
/// </summary>
public static class ViewLimits
{
    /// <summary>Characters of a subject, a name or an address: in a list, in a title, in the head of a page.</summary>
    public const int Name = 200;

    /// <summary>Characters of anything else that is one value: a header field, a reply of another server, a link.</summary>
    public const int Value = 2_000;

    /// <summary>Characters of a text body, bytes of a source.</summary>
    public const int Text = 200_000;

    /// <summary>Header fields.</summary>
    public const int Headers = 200;

    /// <summary>Parts of a message.</summary>
    public const int Parts = 500;

    /// <summary>Findings of one check.</summary>
    public const int Findings = 100;

    /// <summary>Deliveries, recipients.</summary>
    public const int Recipients = 100;

    /// <summary>What happened to one message, the newest.</summary>
    public const int TimelineEntries = 200;

    /// <summary>Message tags.</summary>
    public const int Tags = 10;
}
