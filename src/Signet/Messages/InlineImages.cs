using System.Collections.Frozen;

namespace Signet.Messages;

/// <summary>
/// Decides of each image that a message refers to whether it is shown: those that came with the message are, as <c>data:</c> addresses;
/// those that would be fetched are counted. Only raster formats, as others can hold scripts.
/// </summary>
/// <param name="find">A part by its Content-ID.</param>
internal sealed class InlineImages(Func<string, (string ContentType, byte[] Bytes)?> find)
{
    // One part can be referred to a thousand times.
    private const int MaxTotal = 24 * 1024 * 1024;

    private const string DataScheme = "data:";
    private const string Base64Mark = ";base64,";

    private static readonly FrozenSet<string> Raster =
        new[] { "image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "image/bmp" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, string?> _known = new(StringComparer.Ordinal);
    private int _total;

    /// <summary>How many things would have been fetched.</summary>
    public int Blocked { get; private set; }

    /// <summary>Counts something that would have been fetched.</summary>
    public void Block() => Blocked++;

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

        if (target.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase))
        {
            return Take(Data(target));
        }

        if (target.StartsWith("cid:", StringComparison.OrdinalIgnoreCase))
        {
            return Take(Part(target[4..]));
        }

        Blocked++;
        return null;
    }

    private string? Take(string? image)
    {
        if (image is null || image.Length > MaxTotal - _total)
        {
            return null;
        }

        _total += image.Length;
        return image;
    }

    private string? Part(string id)
    {
        if (!_known.TryGetValue(id, out var image))
        {
            // RFC 2392 §2: the Content-ID is percent-encoded.
            image = (find(id) ?? find(Uri.UnescapeDataString(id))) is { } part && Raster.Contains(part.ContentType)
                && part.Bytes.Length <= MaxTotal / 2
                ? $"{DataScheme}{part.ContentType.ToLowerInvariant()}{Base64Mark}{Convert.ToBase64String(part.Bytes)}"
                : null;
            _known[id] = image;
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
