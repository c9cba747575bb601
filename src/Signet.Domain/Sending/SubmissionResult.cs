using System.Text;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Messages;
using Signet.Policies;

namespace Signet.Sending;

/// <summary>The outcome of a submission.</summary>
public abstract record SubmissionResult
{
    private SubmissionResult()
    {
    }

    /// <summary>Stored: committed to stable storage before this value exists.</summary>
    public sealed record Accepted(MessageId Id, SendDecision Decision) : SubmissionResult;

    /// <summary>Not stored.</summary>
    /// <param name="Refusal">Why, for the caller.</param>
    /// <param name="Decision">How authorization went; null when it did not come to that.</param>
    public sealed record Refused(Refusal Refusal, SendDecision? Decision) : SubmissionResult;
}

/// <summary>
/// Why a message is not accepted, in the words and under the code of the SES API (SendEmail, "Errors"). Another protocol gives its own code
/// to a case and keeps the text.
/// </summary>
public abstract record Refusal
{
    private Refusal()
    {
    }

    /// <summary>What a send that authorization did not allow is refused with: every unverified address, else the first denial.</summary>
    public static Refusal Of(SendDecision decision)
    {
        var unverified = decision.Checks.Where(c => c.Outcome == CheckOutcome.NotVerified).Select(c => c.Address).Distinct().ToList();
        if (unverified.Count > 0)
        {
            return new NotVerified(unverified, decision.Region);
        }

        var denied = decision.Checks.First(c => c.Outcome == CheckOutcome.AccessDenied);
        return new AccessDenied(decision.Principal, decision.Action, denied.Identity!);
    }

    /// <summary>The error code of the SES API.</summary>
    public abstract string Code { get; }

    /// <summary>The HTTP status that SES gives the code.</summary>
    public virtual int Status => 400;

    /// <summary>Whether the same send may pass a little later.</summary>
    public bool IsPace => this is RateExceeded or QuotaExceeded or TooManyRefused;

    /// <summary>Whether identities, policies or the sandbox refuse the send.</summary>
    public bool IsOfAuthorization => this is NotVerified or AccessDenied;

    /// <summary>The refusal in one line, as SES words it; of a long one the beginning and the end (<see cref="Excerpt"/>).</summary>
    public string Text => Excerpt.Of(Words);

    /// <summary>The refusal, however long the words of the caller are that it repeats.</summary>
    protected abstract string Words { get; }

    /// <summary>An address, header or MIME part that cannot be sent.</summary>
    public sealed record Invalid(string Problem) : Refusal
    {
        public override string Code => "InvalidParameterValue";

        /// <summary>A message of <paramref name="size"/> bytes where <paramref name="limit"/> are allowed.</summary>
        public static Invalid TooLarge(long size, int limit) => new($"Message length is more than {limit} bytes long: '{size}'.");

        protected override string Words => Problem;
    }

    /// <summary>Addresses that no verified identity covers, as the caller wrote them.</summary>
    public sealed record NotVerified(IReadOnlyList<string> Addresses, string Region) : Refusal
    {
        public override string Code => "MessageRejected";

        // SES cuts a long list as well; where is not known.
        private const int MaxListed = 512;

        protected override string Words =>
            $"Email address is not verified. The following identities failed the check in region {Region.ToUpperInvariant()}: {Listed()}";

        /// <summary>As many whole addresses as fit, the first in any case, and an ellipsis in place of the rest.</summary>
        private string Listed()
        {
            var text = new StringBuilder(Addresses[0]);
            foreach (var address in Addresses.Skip(1))
            {
                if (text.Length + ", ".Length + address.Length > MaxListed)
                {
                    return text.Append(", ...").ToString();
                }

                text.Append(", ").Append(address);
            }

            return text.ToString();
        }
    }

    /// <summary>A policy says no, or none says yes.</summary>
    public sealed record AccessDenied(string PrincipalArn, string Action, string ResourceArn) : Refusal
    {
        public override string Code => "AccessDenied";

        public override int Status => 403;

        protected override string Words => $"User `{PrincipalArn}' is not authorized to perform `{Action}' on resource `{ResourceArn}'";
    }

    /// <summary>The account's switch is off.</summary>
    public sealed record SendingPaused : Refusal
    {
        public override string Code => "AccountSendingPausedException";

        protected override string Words => "Email sending is paused for this account in this region; UpdateAccountSendingEnabled resumes it.";
    }

    /// <summary>The server's operator has paused the account in all regions.</summary>
    public sealed record AccountPaused : Refusal
    {
        public override string Code => "AccountSendingPausedException";

        protected override string Words => AccountPause.Text;
    }

    /// <summary>The message asks for a configuration set, and Signet has none yet.</summary>
    public sealed record NoSuchConfigurationSet(string Name) : Refusal
    {
        public override string Code => "ConfigurationSetDoesNotExist";

        protected override string Words => $"Configuration set <{Name}> does not exist.";
    }

    /// <summary>More recipients per second than MaxSendRate.</summary>
    public sealed record RateExceeded : Refusal
    {
        public override string Code => "Throttling";

        protected override string Words => "Maximum sending rate exceeded.";
    }

    /// <summary>
    /// Refused for a reason of its own, as too many sends of the account were before. SDKs slow down on its code. SES documents no limit of
    /// this kind; its words for the nearest one begin ours.
    /// </summary>
    public sealed record TooManyRefused(Refusal Reason) : Refusal
    {
        public override string Code => "Throttling";

        protected override string Words => $"Maximum sending rate exceeded. Too many sends of this account are refused, this one too: {Reason.Text}";
    }

    /// <summary>Nothing left of Max24HourSend.</summary>
    public sealed record QuotaExceeded : Refusal
    {
        public override string Code => "Throttling";

        protected override string Words => "Daily message quota exceeded.";
    }
}
