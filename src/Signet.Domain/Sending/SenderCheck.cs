using Signet.Addresses;
using Signet.Names;
using Signet.Policies;

namespace Signet.Sending;

/// <summary>One address of a message that needs an identity.</summary>
/// <param name="Role">What it is in the message.</param>
/// <param name="Mailbox">The address.</param>
/// <param name="Named">The identity that was named for it: it counts, whatever the caller owns.</param>
/// <param name="Implied">
/// The identity that SourceArn names, which also applies to From and return path where these have no ARN of their own and it covers them.
/// </param>
/// <param name="Parameters">Those that can name an identity for it, the nearest first.</param>
internal sealed record SenderCheck(
    AddressRole Role, Mailbox Mailbox, NamedArn? Named, NamedArn? Implied, IReadOnlyList<string> Parameters)
{
    /// <summary>The addresses of a send that need an identity, in the order SES visits them; each address is checked once per ARN.</summary>
    public static IReadOnlyList<SenderCheck> AllOf(SendAttempt attempt)
    {
        List<SenderCheck> checks = [];
        var source = attempt.Source ?? (attempt.From.Count > 0 ? attempt.From[0] : null);
        if (source is not null)
        {
            Add(attempt.Source is null
                ? new SenderCheck(AddressRole.Source, source, attempt.SourceArn ?? attempt.FromArn, null, ["SourceArn", "FromArn"])
                : new SenderCheck(AddressRole.Source, source, attempt.SourceArn, null, ["SourceArn"]));
        }

        foreach (var from in attempt.From)
        {
            Add(new SenderCheck(AddressRole.From, from, attempt.FromArn, attempt.SourceArn, ["FromArn", "SourceArn"]));
        }

        if (attempt.Sender is { } sender)
        {
            Add(new SenderCheck(AddressRole.Sender, sender, attempt.FromArn, attempt.SourceArn, ["FromArn", "SourceArn"]));
        }

        if (attempt.ReturnPath is { } returnPath)
        {
            Add(new SenderCheck(AddressRole.ReturnPath, returnPath, attempt.ReturnPathArn, attempt.SourceArn, ["ReturnPathArn", "SourceArn"]));
        }

        return checks;

        void Add(SenderCheck check)
        {
            if (!checks.Exists(c => c.IsSameAs(check)))
            {
                checks.Add(check);
            }
        }
    }

    /// <summary>Why no identity of another account counts for it.</summary>
    public string Missing => Implied is { } implied
        ? $"{implied.NamedBy} names `{implied.Identity.Name}`, which does not cover it: give {Parameters[0]}"
        : $"no ARN names an identity of another account for it: give {string.Join(" or ", Parameters)}";

    public AddressCheck Result(CheckOutcome outcome, string reason, IdentityArn? identity, string? namedBy) =>
        new(Role, Mailbox.ToShortText(), outcome, reason, identity?.ToString(), namedBy, null, null, null);

    // Display names are values of conditions, so two spellings of one address are two checks.
    private bool IsSameAs(SenderCheck other) =>
        Mailbox.Address == other.Mailbox.Address
        && Mailbox.DisplayName == other.Mailbox.DisplayName
        && (Named ?? Implied)?.Identity == (other.Named ?? other.Implied)?.Identity;
}
