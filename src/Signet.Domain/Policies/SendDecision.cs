using System.Text.Json.Serialization;

namespace Signet.Policies;

/// <summary>
/// Why a message may or may not be sent: every address that needed an identity, which identity was found, and what the policies
/// said. Stored with the message, logged with a refusal, and shown by <c>signet policy explain</c>.
/// </summary>
/// <param name="Allowed">The verdict.</param>
/// <param name="Reason">One sentence that says what decided.</param>
/// <param name="Principal">The caller's ARN.</param>
/// <param name="Action">For instance <c>ses:SendEmail</c>.</param>
/// <param name="Region">Where identities were looked for.</param>
/// <param name="Checks">The addresses in the order they were checked; checking stops at nothing, so that all reasons show.</param>
/// <param name="LeftOut">How many checks there were besides these (<see cref="BoundedDecision"/>).</param>
/// <param name="Remark">A sentence about the message that did not count, for instance on lines that are too long; else null.</param>
public sealed record SendDecision(
    bool Allowed,
    string Reason,
    string Principal,
    string Action,
    string Region,
    IReadOnlyList<AddressCheck> Checks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int LeftOut = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Remark = null);

/// <summary>The check of one address.</summary>
/// <param name="Role">What the address is in the message.</param>
/// <param name="Address">As the caller wrote it; of a long one the bare address.</param>
/// <param name="Outcome">The verdict on this address.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="Identity">ARN of the identity that counted, or the one that was named; null if none was found.</param>
/// <param name="NamedBy">The parameter or header whose ARN named the identity; null when it is one of the caller's own.</param>
/// <param name="OwnerPolicies">What the policies on the identity say; null when they were not asked.</param>
/// <param name="AddressPolicies">
/// What the policies on another identity of the owner say, for the very address or for the address without its label; null when there is
/// none. Of two, the one that denies.
/// </param>
/// <param name="CallerPolicies">What the caller's own user policies say; null for an account's root.</param>
public sealed record AddressCheck(
    AddressRole Role,
    string Address,
    CheckOutcome Outcome,
    string Reason,
    string? Identity,
    string? NamedBy,
    Decision? OwnerPolicies,
    Decision? AddressPolicies,
    Decision? CallerPolicies);

public enum AddressRole
{
    Source,
    From,
    Sender,
    ReturnPath,
    Recipient,
}

public enum CheckOutcome
{
    Allowed,
    NotVerified,
    AccessDenied,
}
