using System.Runtime.InteropServices;
using MimeKit;
using Signet.Messages;

namespace Signet.Viewing;

/// <summary>
/// Loads a message for showing, or the beginning of one that holds more than <see cref="MessageLimits"/> allow: an object for each of
/// 300,000 parts, fields or parameters would take gigabytes. It reads the message once in linear time and keeps nothing, to find out where
/// it has to end; then it loads it up to there.
/// </summary>
internal sealed class MimeLoader : MimeReader
{
    /// <summary>A deeper part is shown as one, whatever it holds: nobody needs to fear the stack.</summary>
    public const int MaxDepth = 32;

    // How far the reader reads ahead of what it tells.
    private const int ReadAhead = 16 * 1024;

    private static readonly ParserOptions Reading = new() { MaxMimeDepth = MaxDepth };

    private readonly ContentStream stream;

    // Where the part begins that is being read: at its delimiter, or at its header if it has none.
    private long partBegin;
    private bool delimiterIsRead;
    private bool isDelimited;

    private bool isInHeader;
    private long headerBegin;

    private int headers;
    private int parts;
    private int fields;
    private long bytes;

    private MimeLoader(ContentStream stream)
        : base(Reading, stream, MimeFormat.Entity)
    {
        this.stream = stream;
        stream.BeforeRead += CheckHeader;
    }

    /// <summary>
    /// All of a message, or the parts before the first that is too much. Null for what is no message at all. The content must not change
    /// while the message is used.
    /// </summary>
    /// <param name="content">Whatever was accepted, also by a version that had other limits.</param>
    /// <param name="isWhole">False when parts were left out.</param>
    public static MimeMessage? Load(ReadOnlyMemory<byte> content, out bool isWhole)
    {
        var end = FindEnd(content);
        isWhole = end == content.Length;
        try
        {
            return new Parser(ContentStream.Of(content[..end])).ParseMessage();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    protected override void OnMultipartBoundaryBegin(long beginOffset, int lineNumber, CancellationToken cancellationToken) =>
        (partBegin, delimiterIsRead) = (beginOffset, true);

    protected override void OnHeadersBegin(long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        headers++;
        (isInHeader, headerBegin) = (true, beginOffset);
        (isDelimited, delimiterIsRead) = (delimiterIsRead, false);
        if (isDelimited)
        {
            AddPart();
        }
        else
        {
            partBegin = beginOffset;
        }
    }

    protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
        if (headers == 1)
        {
            // The message's own header, which has limits of its own.
            return;
        }

        bytes += header.RawField.Length + header.RawValue.Length + 1;
        if (++fields > MessageLimits.MaxPartHeaderFields || bytes > MessageLimits.MaxPartHeaderBytes)
        {
            throw new TooMuchException(partBegin);
        }
    }

    protected override void OnHeadersEnd(
        long beginOffset, int beginLineNumber, long endOffset, int endLineNumber, CancellationToken cancellationToken) => isInHeader = false;

    // A message within a part counts with the part; one that is a whole message counts separately.
    protected override void OnMessagePartBegin(
        ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        if (headers > 1 && !isDelimited)
        {
            AddPart();
        }
    }

    private static int FindEnd(ReadOnlyMemory<byte> content)
    {
        try
        {
            new MimeLoader(ContentStream.Of(content)).ReadMessage(CancellationToken.None);
        }
        catch (TooMuchException tooMuch)
        {
            return (int)tooMuch.Offset;
        }
        catch (FormatException)
        {
            // No message at all has no parts; the parser will say the same.
        }

        return content.Length;
    }

    // The reader reports a field only when it has all of it, and takes quadratic time for one of megabytes.
    private void CheckHeader()
    {
        if (isInHeader && stream.Position - headerBegin > MessageLimits.MaxHeaderBytes + ReadAhead)
        {
            throw new TooMuchException(partBegin);
        }
    }

    private void AddPart()
    {
        if (++parts > MessageLimits.MaxParts)
        {
            throw new TooMuchException(partBegin);
        }
    }

    /// <summary>
    /// Made of the same reader, so that both see the same parts: MimeKit's other parser differs where parts are malformed. It refers to
    /// the content instead of copying it.
    /// </summary>
    private sealed class Parser(ContentStream stream) : ExperimentalMimeParser(Reading, stream, MimeFormat.Entity, persistent: true)
    {
        // A line that is no field has no value, not even a line end, and is not shown as a field. The parser would collect those before the
        // first field in quadratic time.
        protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
        {
            if (header.RawValue.Length > 0)
            {
                base.OnHeaderRead(header, beginLineNumber, cancellationToken);
            }
        }
    }

    /// <summary>Leaves the reading where there is too much; caught in <see cref="FindEnd"/> and nowhere else.</summary>
    private sealed class TooMuchException(long offset) : Exception
    {
        /// <summary>Where the part begins that is too much.</summary>
        public long Offset { get; } = offset;
    }

    /// <summary>The content without a copy of it; tells when it is read on.</summary>
    private sealed class ContentStream(byte[] array, int offset, int count) : MemoryStream(array, offset, count, writable: false)
    {
        public event Action? BeforeRead;

        public static ContentStream Of(ReadOnlyMemory<byte> content)
        {
            var array = MemoryMarshal.TryGetArray(content, out var segment) ? segment : content.ToArray();
            return new ContentStream(array.Array!, array.Offset, array.Count);
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            BeforeRead?.Invoke();
            return base.Read(buffer, offset, count);
        }
    }
}
