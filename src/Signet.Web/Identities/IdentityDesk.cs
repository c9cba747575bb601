using Signet.Accounts;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Web.Shell;

namespace Signet.Web.Identities;

/// <summary>
/// What a viewer changes of identities and their policies: asks whether they may, then does what the API does. Everything answers with
/// the refusal in one sentence, or null for done.
/// </summary>
public sealed class IdentityDesk(ConsoleContext console, Viewer viewer)
{
    private const string NotAllowed = "only operators of the account may change identities";

    public bool MayChange(AccountId account) => viewer.MayOperate && viewer.Sees(account);

    /// <summary>VerifyEmailIdentity for an address; VerifyDomainIdentity and VerifyDomainDkim for a domain.</summary>
    /// <param name="name">An address or a domain.</param>
    /// <param name="account">Whose it is to be.</param>
    /// <param name="region">Where.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<(IdentityArn? Begun, string? Refusal)> BeginAsync(string name, string account, string region, CancellationToken cancel)
    {
        if (!IdentityName.TryParse(name.Trim(), out var identity))
        {
            return (null, $"`{name}` is neither an email address nor a domain");
        }

        if (!AccountId.TryParse(account.Trim(), out var owner))
        {
            return (null, $"`{account}` is not an account: an account is twelve digits");
        }

        if (!console.Domain.Regions.TryFind(region.Trim(), out var place))
        {
            return (null, console.Domain.Regions.Unknown(region.Trim()));
        }

        var arn = new IdentityArn(new AccountRegion(owner, place), identity);
        return await BeginAsync(arn, cancel) is { } refusal ? (null, refusal) : (arn, null);
    }

    /// <summary>Like the other, but also repeats: sends another confirmation mail, or restarts a failed verification.</summary>
    public async Task<string?> BeginAsync(IdentityArn arn, CancellationToken cancel) =>
        Note("identity-verify", arn, await TryBeginAsync(arn, cancel));

    private async Task<string?> TryBeginAsync(IdentityArn arn, CancellationToken cancel)
    {
        if (await ObjectionToBeginAsync(arn, cancel) is { } objection)
        {
            return objection;
        }

        // In dev every account is there. Elsewhere an identity of an account that is not could never be used.
        if (!console.Facts.IsDev
            && await console.Domain.Accounts.ListUsersAsync(arn.Owner.Account, cancel) is AccountOutcome<IReadOnlyList<User>>.Refused refused)
        {
            return refused.Problem.Text;
        }

        switch (arn.Name)
        {
            case IdentityName.OfAddress address:
                return Read(await console.Domain.Identities.VerifyEmailAsync(arn.Owner, address.Address, cancel));
            case IdentityName.OfDomain name:
                return Read(await console.Domain.Identities.VerifyDomainAsync(arn.Owner, name.Name, cancel))
                    ?? Read(await console.Domain.Identities.VerifyDkimAsync(arn.Owner, name.Name, cancel));
            default:
                throw new ArgumentOutOfRangeException(nameof(arn), arn, null);
        }
    }

    /// <summary>VerifyDomainDkim: makes the keys of a domain that has none, or begins to look for their records again.</summary>
    public async Task<string?> BeginDkimAsync(IdentityArn arn, CancellationToken cancel) =>
        Note(
            "dkim-verify", arn,
            await ObjectionToBeginAsync(arn, cancel) is { } objection ? objection
                : arn.Name is IdentityName.OfDomain name ? Read(await console.Domain.Identities.VerifyDkimAsync(arn.Owner, name.Name, cancel))
                : "only a domain has keys");

    /// <summary>SetIdentityDkimEnabled.</summary>
    public async Task<string?> SetDkimEnabledAsync(IdentityArn arn, bool enabled, CancellationToken cancel) =>
        Note(
            enabled ? "dkim-enable" : "dkim-disable", arn,
            await ObjectionAsync(arn, cancel) is { } objection ? objection
                : await console.Domain.Identities.SetDkimEnabledAsync(arn.Owner, arn.Name, enabled, cancel) ? null
                : $"domain {arn.Name} is not verified for DKIM signing");

    /// <summary>DeleteIdentity, with all that hangs on it.</summary>
    public async Task<string?> DeleteAsync(IdentityArn arn, CancellationToken cancel) =>
        Note("identity-delete", arn, await TryDeleteAsync(arn, cancel));

    private async Task<string?> TryDeleteAsync(IdentityArn arn, CancellationToken cancel)
    {
        if (await ObjectionAsync(arn, cancel) is { } objection)
        {
            return objection;
        }

        await console.Domain.Identities.DeleteAsync(arn.Owner, arn.Name, cancel);
        return null;
    }

    /// <summary>PutIdentityPolicy.</summary>
    /// <param name="arn">The identity.</param>
    /// <param name="name">The policy's; one of that name is replaced.</param>
    /// <param name="text">JSON.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<string?> PutPolicyAsync(IdentityArn arn, string name, string text, CancellationToken cancel) =>
        Note("policy-put", arn, await TryPutPolicyAsync(arn, name, text, cancel), name);

    private async Task<string?> TryPutPolicyAsync(IdentityArn arn, string name, string text, CancellationToken cancel) =>
        await ObjectionAsync(arn, cancel) is { } objection ? objection
            : !PolicyName.TryParse(name, out var parsed)
                ? $"`{name}` is not the name of a policy: that is 1 to {PolicyName.MaxLength} letters, digits, dashes and underscores"
            : await console.Domain.IdentityPolicies.PutAsync(arn, parsed, text, cancel) switch
            {
                PolicyPut.Stored => null,
                PolicyPut.NoIdentity => Gone(arn),
                PolicyPut.Invalid invalid => invalid.Problem,
                PolicyPut.TooMany many => $"{arn.Name} already has {many.Limit} policies; delete one first",
                var other => throw new InvalidOperationException($"{other}"),
            };

    /// <summary>DeleteIdentityPolicy.</summary>
    public async Task<string?> DeletePolicyAsync(IdentityArn arn, PolicyName name, CancellationToken cancel) =>
        Note(
            "policy-delete", arn,
            await ObjectionAsync(arn, cancel) is { } objection ? objection
                : await console.Domain.IdentityPolicies.DeleteAsync(arn, name, cancel) ? null
                : Gone(arn),
            $"{name}");

    private string? Note(string act, IdentityArn arn, string? refusal, string? policy = null)
    {
        console.Acts.Write(viewer, act, policy is null ? $"{arn}" : $"{arn} {policy}", arn.Owner.Account, refusal);
        return refusal;
    }

    // What was made in a region that the server no longer has is still shown. It may be deleted, but nothing begins there.
    private async Task<string?> ObjectionToBeginAsync(IdentityArn arn, CancellationToken cancel) =>
        await ObjectionAsync(arn, cancel)
        ?? (console.Domain.Regions.Contains(arn.Owner.Region) ? null : console.Domain.Regions.Unknown(arn.Owner.Region.Value));

    private Task<string?> ObjectionAsync(IdentityArn arn, CancellationToken cancel) =>
        viewer.ObjectionAsync(MayChange(arn.Owner.Account), NotAllowed, console, cancel);

    private static string Gone(IdentityArn arn) => $"{arn.Name} is no longer an identity of account {arn.Owner.Account} in {arn.Owner.Region}";

    private static string? Read(VerificationStart start) => start switch
    {
        VerificationStart.Known => null,
        VerificationStart.TooMany many => $"an account may have at most {many.Limit} identities in a region",
        VerificationStart.AccountPaused => "the account is paused, so no confirmation mail is sent for it",
        VerificationStart.TooSoon soon => $"{soon.Reason}: the next one can be sent in {soon.WaitInWords}",
        VerificationStart.KeysBusy => VerificationStart.KeysBusy.Text,
        var other => throw new InvalidOperationException($"{other}"),
    };
}
