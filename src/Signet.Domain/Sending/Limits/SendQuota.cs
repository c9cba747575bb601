using Signet.Accounts;
using Signet.Addresses;

namespace Signet.Sending.Limits;

/// <summary>
/// Max24HourSend: the recipients that an account may send to in 24 hours. It is checked and used in the transaction that stores the message
/// (<see cref="Queue.IMessageQueue.EnqueueAsync"/>), so that nodes together never accept more.
/// </summary>
internal static class SendQuota
{
    /// <summary>The limit to store a message under; null is none.</summary>
    public static double? LimitOf(AccountSettings settings) => settings.Max24HourSend < 0 ? null : settings.Max24HourSend;

    /// <summary>What a message uses: its recipients but those of the mailbox simulator.</summary>
    public static int UseOf(IReadOnlyList<EmailAddress> recipients) => recipients.Count(r => !MailboxSimulator.Has(r));
}
