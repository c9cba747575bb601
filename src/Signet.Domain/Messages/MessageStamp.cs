using System.Globalization;
using Signet.Addresses;

namespace Signet.Messages;

/// <summary>
/// What Signet puts on every message it accepts, in place of what the caller wrote: Message-ID and Date (SES Developer Guide, "Sending raw
/// email": header fields).
/// </summary>
/// <param name="Id">The id given to the caller: the local part of Message-ID.</param>
/// <param name="HostName">The server's own name: the domain of Message-ID.</param>
/// <param name="AcceptedAt">Shown in UTC, to the second.</param>
public sealed record MessageStamp(MessageId Id, DomainName HostName, DateTimeOffset AcceptedAt)
{
    internal const string DateField = "Date";
    internal const string MessageIdField = "Message-ID";

    internal string Date => AcceptedAt.UtcDateTime.ToString("ddd, d MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);

    internal string MessageId => $"<{Id}@{HostName}>";
}
