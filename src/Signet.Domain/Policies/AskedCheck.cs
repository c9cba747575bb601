using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Signet.Addresses;

namespace Signet.Policies;

/// <summary>What policies were asked about one address. A missing value is that of the address or of the whole decision; an empty text is none.</summary>
/// <param name="Check">The number of the check.</param>
internal sealed record AskedCheck([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Check)
{
    /// <summary>Which policies on the identity were asked: a place in <see cref="AskedJson.Policies"/>.</summary>
    public int? Owner { get; init; }

    /// <summary>Which policies on another identity of the owner.</summary>
    public int? Address { get; init; }

    /// <summary>The ARN of that other identity.</summary>
    public string? Other { get; init; }

    /// <summary>Which policies of the caller.</summary>
    public int? Caller { get; init; }

    public string? From { get; init; }

    public string? Name { get; init; }

    public string? Feedback { get; init; }

    /// <summary>Whether the policies were asked about the identity that the check names, which reading relies on.</summary>
    public static bool IsOfItsIdentity(AddressCheck check) =>
        new[] { check.OwnerPolicies, check.CallerPolicies }.All(d => d?.Asked is not { } asked || asked.Request.Resource == check.Identity);

    /// <param name="number">The number of the check.</param>
    /// <param name="check">The check.</param>
    /// <param name="request">What was asked about its address.</param>
    /// <param name="whole">What was asked about the first address.</param>
    public static AskedCheck Of(int number, AddressCheck check, PolicyRequest request, PolicyRequest whole)
    {
        var isWritten = Mailbox.TryParse(check.Address, out var mailbox, out _)
            && mailbox.Address == request.FromAddress && mailbox.DisplayName == request.FromDisplayName;
        return new AskedCheck(number)
        {
            From = isWritten ? null : $"{request.FromAddress}",
            Name = isWritten ? null : request.FromDisplayName,
            Feedback = request.FeedbackAddress == whole.FeedbackAddress ? null : $"{request.FeedbackAddress}",
        };
    }

    /// <summary>What was asked about the address; false when it cannot be read.</summary>
    /// <param name="check">The check.</param>
    /// <param name="whole">What was asked about all addresses.</param>
    /// <param name="request">What was asked.</param>
    public bool TryRead(AddressCheck check, PolicyRequest whole, [NotNullWhen(true)] out PolicyRequest? request)
    {
        request = null;
        EmailAddress? from = null;
        string? name = null;
        EmailAddress? feedback = null;
        if (From is null)
        {
            if (!Mailbox.TryParse(check.Address, out var mailbox, out _))
            {
                return false;
            }

            (from, name) = (mailbox.Address, mailbox.DisplayName);
        }
        else if (From.Length > 0 && !AskedRecipients.TryRead(From, out from))
        {
            return false;
        }

        if (!string.IsNullOrEmpty(Feedback) && !AskedRecipients.TryRead(Feedback, out feedback))
        {
            return false;
        }

        request = whole with
        {
            Resource = check.Identity ?? "",
            FromAddress = from,
            FromDisplayName = From is null ? name : Name,
            FeedbackAddress = Feedback is null ? whole.FeedbackAddress : feedback,
        };
        return true;
    }
}
