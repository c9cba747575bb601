using System.Collections.Frozen;

namespace Signet.Viewing;

/// <summary>
/// Decides of each image that a message refers to whether it is shown: those that came with the message are, as <c>data:</c> addresses;
/// those that would be fetched are counted. Only raster formats, as others can hold scripts.
/// </summary>
/// <param name="find">A part by its Content-ID.</param>
/// <param name="encodes">False counts images as if they were shown, and reads none: each address is short and shows nothing.</param>
internal sealed class InlineImages(Func<string, InlinePart?> find, bool encodes)
{
    // Characters that images add to the HTML, each reference counted: one part can be referred to a thousand times.
    private const int MaxTotal = 8_000_000;

    private const string DataScheme = "data:";
    private const string Base64Mark = ";base64,";
    private const string NotEncoded = "data:,";

    private static readonly FrozenSet<string> Raster =
        new[] { "image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "image/bmp" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // By the Content-ID that the part has: one has many spellings in HTML.
    private readonly Dictionary<string, string> _encoded = new(StringComparer.Ordinal);
    private int _total;

    /// <summary>How many things would have been fetched.</summary>
    public int Blocked { get; private set; }

    /// <summary>How many images came with the message and are not shown, as all would be too much.</summary>
    public int TooLarge { get; private set; }

    /// <summary>Counts something that would have been fetched.</summary>
    public void Block() => Blocked++;

    /// <summary>Counts the address if it would have been fetched, for a place where no image is shown.</summary>
    public void Count(string address)
    {
        var target = WebAddresses.Clean(address);
        Blocked += target.Length == 0 || IsData(target) || IsPart(target) ? 0 : 1;
    }

    /// <summary>
    /// An address that needs no fetching and no quoting, or null. A missing part and a format that is not shown do not count as blocked.
    /// </summary>
    public string? Resolve(string address)
    {
        var target = WebAddresses.Clean(address);
        if (target.Length == 0)
        {
            return null;
        }

        if (IsData(target))
        {
            return Data(target) is { } image && Take(image.Length) ? image : null;
        }

        if (IsPart(target))
        {
            return Part(target[4..]);
        }

        Blocked++;
        return null;
    }

    private static bool IsData(string target) => target.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase);

    private static bool IsPart(string target) => target.StartsWith("cid:", StringComparison.OrdinalIgnoreCase);

    // Asked before an image is encoded.
    private bool Take(long length)
    {
        if (length > MaxTotal - _total)
        {
            TooLarge++;
            return false;
        }

        _total += (int)length;
        return true;
    }

    // RFC 2392 §2: the Content-ID is percent-encoded. Some mailers do not encode it.
    private string? Part(string spelling)
    {
        var id = Uri.UnescapeDataString(spelling);
        if (find(id) is not { } part)
        {
            id = spelling;
            if (find(id) is not { } unencoded)
            {
                return null;
            }

            part = unencoded;
        }

        if (!Raster.Contains(part.ContentType))
        {
            return null;
        }

        var head = $"{DataScheme}{part.ContentType.ToLowerInvariant()}{Base64Mark}";
        if (!Take(head.Length + ((part.Size + 2) / 3 * 4)))
        {
            return null;
        }

        if (!encodes)
        {
            return NotEncoded;
        }

        if (!_encoded.TryGetValue(id, out var image))
        {
            _encoded[id] = image = string.Concat(head, Convert.ToBase64String(part.Read()));
        }

        return image;
    }

    private static string? Data(string address)
    {
        var mark = address.IndexOf(Base64Mark, StringComparison.OrdinalIgnoreCase);
        if (mark < 0 || !Raster.Contains(address[DataScheme.Length..mark]))
        {
            return null;
        }

        var base64 = address.AsSpan(mark + Base64Mark.Length);
        foreach (var c in base64)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/' or '=' or ' '))
            {
                return null;
            }
        }

        var type = address[DataScheme.Length..mark].ToLowerInvariant();
        return $"{DataScheme}{type}{Base64Mark}{base64.ToString().Replace(" ", "", StringComparison.Ordinal)}";
    }
}
