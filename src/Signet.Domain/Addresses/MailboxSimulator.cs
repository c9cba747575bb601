using System.Diagnostics.CodeAnalysis;

namespace Signet.Addresses;

/// <summary>What the mailbox simulator does with a message.</summary>
public enum SimulatedOutcome
{
    /// <summary>Delivered.</summary>
    Success,

    /// <summary>A hard bounce, <c>550 5.1.1</c>; the address is not suppressed.</summary>
    Bounce,

    /// <summary>Delivered, then an automatic reply (RFC 3834).</summary>
    OutOfOffice,

    /// <summary>Delivered, then a complaint (RFC 5965).</summary>
    Complaint,

    /// <summary>A hard bounce as if the address were suppressed. So does every other name at the simulator's domain.</summary>
    SuppressionList,
}

/// <summary>
/// The addresses at <c>simulator.amazonses.com</c>, which behave in a known way, work in the sandbox and use no quota
/// (SES Developer Guide, "Using the mailbox simulator"). Compared without case; labels are free: <c>bounce+run-7@…</c>.
/// </summary>
public static class MailboxSimulator
{
    private static readonly DomainName Domain = DomainName.Parse("simulator.amazonses.com");

    /// <summary>True for every address at the simulator's domain, but not below it.</summary>
    public static bool Has(EmailAddress address) => address.Domain == Domain;

    /// <summary>Tells what becomes of mail to an address of the simulator.</summary>
    public static bool TryGetOutcome(EmailAddress address, [NotNullWhen(true)] out SimulatedOutcome? outcome)
    {
        outcome = !Has(address) ? null : address.WithoutLabel().LocalPart.ToLowerInvariant() switch
        {
            "success" => SimulatedOutcome.Success,
            "bounce" => SimulatedOutcome.Bounce,
            "ooto" => SimulatedOutcome.OutOfOffice,
            "complaint" => SimulatedOutcome.Complaint,
            _ => SimulatedOutcome.SuppressionList,
        };
        return outcome is not null;
    }
}
