using System.Globalization;

namespace Signet.Identities;

/// <summary>What became of a call that asks to verify an identity.</summary>
public abstract record VerificationStart
{
    private VerificationStart()
    {
    }

    /// <summary>The identity is on stable storage; its status says how far it is.</summary>
    public sealed record Known(Identity Identity) : VerificationStart;

    /// <summary>
    /// Nothing was made: the account has as many identities in the region as it may. SES does not document its answer; ours is
    /// <c>LimitExceeded</c> where an API has it.
    /// </summary>
    /// <param name="Limit">How many it may have.</param>
    public sealed record TooMany(int Limit) : VerificationStart;

    /// <summary>Nothing was made and nobody was mailed: the server's operator has paused the account.</summary>
    public sealed record AccountPaused : VerificationStart;

    /// <summary>
    /// Nothing was made or sent: a confirmation mail was sent to this mailbox a short while ago, or the account has requested
    /// <see cref="AccountPace.MaxPerHour"/> within an hour. SES does not document its answer; ours is <c>Throttling</c> where an API has it.
    /// </summary>
    /// <param name="Wait">How long to wait, counted from now.</param>
    /// <param name="IsOfAccount">Whether it is the account's limit that holds.</param>
    public sealed record TooSoon(TimeSpan Wait, bool IsOfAccount = false) : VerificationStart
    {
        /// <summary>Why, as a sentence without capital and full stop.</summary>
        public string Reason => IsOfAccount
            ? string.Create(CultureInfo.InvariantCulture, $"this account has sent {AccountPace.MaxPerHour} confirmation mails within an hour, its limit")
            : "a confirmation mail was sent to this address recently";

        /// <summary>The wait in words, rounded up: <c>4 minutes</c>.</summary>
        public string WaitInWords
        {
            get
            {
                var minutes = (int)Math.Ceiling(Wait.TotalMinutes);
                return Wait <= TimeSpan.FromMinutes(1) ? Count((int)Math.Ceiling(Wait.TotalSeconds), "second")
                    : minutes < 60 ? Count(minutes, "minute")
                    : minutes % 60 == 0 ? Count(minutes / 60, "hour")
                    : $"{Count(minutes / 60, "hour")} and {Count(minutes % 60, "minute")}";
            }
        }

        private static string Count(int number, string unit) =>
            string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")}");
    }

    /// <summary>
    /// The domain is an identity but has no keys: too many keys were asked for at once to make these in time. The same call can be made
    /// again. Where an API has it, the answer is <c>Throttling</c>.
    /// </summary>
    public sealed record KeysBusy : VerificationStart
    {
        /// <summary>What to tell whoever asked, as a part of a sentence.</summary>
        public const string Text = "too many DKIM keys are being made at the moment: try again in a few seconds";
    }
}
