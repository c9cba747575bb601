using Signet.Names;

namespace Signet.Identities;

/// <summary>
/// Every change of an identity's status, as functions without I/O: how a verification starts, and what follows from what the DNS says (SES
/// Developer Guide, "Creating and verifying identities"). A restart by the owner is the only way out of <c>Failed</c>, but that DKIM's
/// success verifies the domain too.
/// </summary>
internal static class VerificationRules
{
    /// <summary>How long a confirmation link works.</summary>
    public static readonly TimeSpan AddressTerm = TimeSpan.FromHours(24);

    /// <summary>How long records may take to appear.</summary>
    public static readonly TimeSpan DnsTerm = TimeSpan.FromHours(72);

    /// <summary>How long the right to send outlives the records.</summary>
    public static readonly TimeSpan DomainGrace = TimeSpan.FromHours(72);

    /// <summary>How long lost DKIM records may be restored; signing stops at once.</summary>
    public static readonly TimeSpan DkimGrace = TimeSpan.FromDays(5);

    private static readonly TimeSpan SoonestCheck = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LatestCheck = TimeSpan.FromHours(1);
    private static readonly TimeSpan Recheck = TimeSpan.FromHours(24);

    // What is signed with a key that is no longer published is refused by DMARC, so this one is missed soon.
    private static readonly TimeSpan DkimRecheck = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryUnknown = TimeSpan.FromMinutes(15);

    /// <summary>VerifyEmailIdentity: a verified address stays as it is, any other waits for a click.</summary>
    /// <param name="now">The identity as it is; null for a new one.</param>
    /// <param name="arn">Its name.</param>
    /// <param name="atOnce">Verify without waiting.</param>
    /// <param name="time">The time.</param>
    public static Identity StartAddress(Identity? now, IdentityArn arn, bool atOnce, DateTimeOffset time) =>
        now is { MaySend: true } ? now
            : (now ?? New(arn, time)) with
            {
                Status = atOnce ? VerificationStatus.Success : VerificationStatus.Pending,
                Deadline = atOnce ? null : time + AddressTerm,
            };

    /// <summary>The operator says that the domain is its account's: no record has to show it any more.</summary>
    public static Identity Vouch(Identity identity) =>
        identity with { IsVouched = true, Status = VerificationStatus.Success, Deadline = null };

    /// <summary>VerifyDomainIdentity: the token, once there, stays. The other parameters are those of <see cref="StartAddress"/>.</summary>
    public static Identity StartDomain(Identity? now, IdentityArn arn, string newToken, bool atOnce, DateTimeOffset time)
    {
        var identity = now ?? New(arn, time);
        identity = identity with { VerificationToken = identity.VerificationToken ?? newToken };
        return identity.MaySend ? identity
            : atOnce ? identity with { Status = VerificationStatus.Success, Deadline = null, NextCheckAt = null }
            : identity with { Status = VerificationStatus.Pending, Deadline = time + DnsTerm, NextCheckAt = time };
    }

    /// <summary>VerifyDomainDkim on an identity that exists; the tokens, once there, stay.</summary>
    public static Identity StartDkim(Identity identity, IReadOnlyList<string> newTokens, bool atOnce, DateTimeOffset time)
    {
        var dkim = identity.Dkim with { Tokens = identity.Dkim.Tokens.Count > 0 ? identity.Dkim.Tokens : newTokens };
        if (dkim.Status is VerificationStatus.Success or VerificationStatus.TemporaryFailure)
        {
            return identity with { Dkim = dkim };
        }

        return atOnce
            ? identity with
            {
                Status = VerificationStatus.Success,
                Deadline = null,
                NextCheckAt = null,
                Dkim = dkim with { Status = VerificationStatus.Success, Deadline = null },
            }
            : identity with
            {
                Dkim = dkim with { Status = VerificationStatus.Pending, Deadline = time + DnsTerm },
                NextCheckAt = time,
            };
    }

    /// <summary>The link in the confirmation mail was followed in time.</summary>
    public static Identity Confirm(Identity identity) => identity with { Status = VerificationStatus.Success, Deadline = null };

    /// <summary>An identity nobody has asked to verify yet.</summary>
    public static Identity New(IdentityArn arn, DateTimeOffset time) =>
        new(arn, VerificationStatus.NotStarted, null, time, null, null, DkimState.NotStarted);

    /// <summary>What an identity becomes by a look at the DNS, or by the passing of time alone.</summary>
    public static Identity Next(Identity identity, DnsFindings findings, DateTimeOffset now)
    {
        var dkim = Step(new Term(identity.Dkim.Status, identity.Dkim.Deadline), findings.Dkim, DkimGrace, now);
        var own = new Term(identity.Status, identity.Deadline);
        own = identity.IsVouched ? own : Step(own, findings.Either, DomainGrace, now);
        return identity with
        {
            Status = own.Status,
            Deadline = own.Deadline,
            Dkim = identity.Dkim with { Status = dkim.Status, Deadline = dkim.Deadline },
            NextCheckAt = identity.Arn.Name is IdentityName.OfAddress ? null
                : Earliest(
                    identity.IsVouched ? null : NextCheck(own, findings.Either, DomainGrace, Recheck, now),
                    NextCheck(dkim, findings.Dkim, DkimGrace, DkimRecheck, now)),
        };
    }

    private static Term Step(Term term, Finding finding, TimeSpan grace, DateTimeOffset now) => (term.Status, finding) switch
    {
        (_, Finding.Present) => new(VerificationStatus.Success, null),
        (VerificationStatus.Success, Finding.Absent) => new(VerificationStatus.TemporaryFailure, now + grace),

        // A pending identity has no right to lose, so a DNS that never answers may end its term.
        (VerificationStatus.Pending, _) when now >= term.Deadline => new(VerificationStatus.Failed, null),

        // The right to send is not taken away because our resolver is out of order.
        (VerificationStatus.TemporaryFailure, Finding.Unknown) when now >= term.Deadline => term with { Deadline = now + RetryUnknown },
        (VerificationStatus.TemporaryFailure, _) when now >= term.Deadline => new(VerificationStatus.Failed, null),
        _ => term,
    };

    /// <summary>Soon at first, then slower: an eighth of the time that the term has run, and when it ends.</summary>
    private static DateTimeOffset? NextCheck(Term term, Finding finding, TimeSpan grace, TimeSpan recheck, DateTimeOffset now)
    {
        switch (term.Status)
        {
            case VerificationStatus.Success:
                return now + (finding == Finding.Unknown ? RetryUnknown : recheck);
            case VerificationStatus.Pending or VerificationStatus.TemporaryFailure when term.Deadline is { } deadline:
                var length = term.Status == VerificationStatus.Pending ? DnsTerm : grace;
                var elapsed = length - (deadline - now);
                return Earliest(deadline, now + TimeSpan.FromTicks(Math.Clamp(elapsed.Ticks / 8, SoonestCheck.Ticks, LatestCheck.Ticks)));
            default:
                return null;
        }
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;

    private readonly record struct Term(VerificationStatus Status, DateTimeOffset? Deadline);
}
