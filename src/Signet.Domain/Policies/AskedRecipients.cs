using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;

namespace Signet.Policies;

/// <summary>The recipients that policies were asked about: by their places in the decision's row, or else in full.</summary>
internal sealed record AskedRecipients
{
    /// <summary>How many, when they are those of the row, in that order.</summary>
    public int? Same { get; init; }

    /// <summary>Each one's place among those of the row.</summary>
    public IReadOnlyList<int>? Places { get; init; }

    /// <summary>The addresses.</summary>
    public IReadOnlyList<string>? All { get; init; }

    /// <param name="recipients">Those that were asked about.</param>
    /// <param name="known">Those of the row.</param>
    public static AskedRecipients? Of(IReadOnlyList<EmailAddress>? recipients, IReadOnlyList<string> known)
    {
        if (recipients is null)
        {
            return null;
        }

        // The usual case, which needs no parsing.
        if (known.SequenceEqual(recipients.Select(r => r.ToString())))
        {
            return new AskedRecipients { Same = recipients.Count };
        }

        var addresses = known.Select(Address).ToList();
        if (addresses.SequenceEqual(recipients))
        {
            return new AskedRecipients { Same = recipients.Count };
        }

        int[] places = [.. recipients.Select(r => addresses.IndexOf(r))];
        return places.Contains(-1)
            ? new AskedRecipients { All = [.. recipients.Select(r => r.ToString())] }
            : new AskedRecipients { Places = places };
    }

    /// <summary>False when the row no longer has the same ones.</summary>
    public bool TryRead(IReadOnlyList<string> known, [NotNullWhen(true)] out IReadOnlyList<EmailAddress>? recipients)
    {
        var texts = Same == known.Count ? known
            : Places is { } places && places.All(p => p >= 0 && p < known.Count) ? [.. places.Select(p => known[p])]
            : All;
        var read = texts?.Select(Address).ToList();
        recipients = read is null || read.Contains(null) ? null : [.. read.OfType<EmailAddress>()];
        return recipients is not null;
    }

    /// <summary>Reads an address as its <c>ToString</c> writes it.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out EmailAddress? address) => (address = Address(text)) is not null;

    private static EmailAddress? Address(string text) => Mailbox.TryParse(text, out var mailbox, out _) ? mailbox.Address : null;
}
