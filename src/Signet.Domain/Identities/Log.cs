using Microsoft.Extensions.Logging;
using Signet.Names;

namespace Signet.Identities;

/// <summary>Event ids 1300 to 1399. Addresses are not named: an address identity appears as its account and region.</summary>
internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Information, "{Domain} of {Owner} is verified")]
    public static partial void DomainVerified(ILogger logger, IdentityName domain, AccountRegion owner);

    [LoggerMessage(1301, LogLevel.Warning, "{Domain} of {Owner} is not verified: its records were not found in time")]
    public static partial void DomainFailed(ILogger logger, IdentityName domain, AccountRegion owner);

    [LoggerMessage(1302, LogLevel.Warning,
        "the records of {Domain} of {Owner} are gone; unless they come back its verification is revoked at {Deadline:u}")]
    public static partial void DomainLost(ILogger logger, IdentityName domain, AccountRegion owner, DateTimeOffset? deadline);

    [LoggerMessage(1303, LogLevel.Information, "the records of {Domain} of {Owner} are back; it stays verified")]
    public static partial void DomainRestored(ILogger logger, IdentityName domain, AccountRegion owner);

    [LoggerMessage(1304, LogLevel.Warning, "the verification of {Domain} of {Owner} is revoked: its records did not come back in time")]
    public static partial void DomainRevoked(ILogger logger, IdentityName domain, AccountRegion owner);

    [LoggerMessage(1310, LogLevel.Information, "DKIM of {Domain} of {Owner} is verified; its mail is signed if DKIM is enabled")]
    public static partial void DkimVerified(ILogger logger, IdentityName domain, AccountRegion owner);

    [LoggerMessage(1311, LogLevel.Warning, "DKIM of {Domain} of {Owner} is not verified: its keys were not found in time")]
    public static partial void DkimFailed(ILogger logger, IdentityName domain, AccountRegion owner);

    [LoggerMessage(1312, LogLevel.Warning,
        "the DKIM keys of {Domain} of {Owner} are no longer published; its mail is unsigned, and DKIM is revoked at {Deadline:u} unless they come back")]
    public static partial void DkimLost(ILogger logger, IdentityName domain, AccountRegion owner, DateTimeOffset? deadline);

    [LoggerMessage(1313, LogLevel.Information, "the DKIM keys of {Domain} of {Owner} are back")]
    public static partial void DkimRestored(ILogger logger, IdentityName domain, AccountRegion owner);

    [LoggerMessage(1314, LogLevel.Warning, "DKIM of {Domain} of {Owner} is revoked: its keys did not come back in time")]
    public static partial void DkimRevoked(ILogger logger, IdentityName domain, AccountRegion owner);

    [LoggerMessage(1320, LogLevel.Information, "an address of {Owner} is verified")]
    public static partial void AddressVerified(ILogger logger, AccountRegion owner);

    [LoggerMessage(1321, LogLevel.Information, "an address of {Owner} was not confirmed in time")]
    public static partial void AddressFailed(ILogger logger, AccountRegion owner);

    [LoggerMessage(1330, LogLevel.Debug, "the DNS does not answer for the records of {Domain} of {Owner}; asking again later")]
    public static partial void DnsUnknown(ILogger logger, IdentityName domain, AccountRegion owner);

    [LoggerMessage(1331, LogLevel.Error, "the check of due identities broke off; it goes on at the next turn")]
    public static partial void ChecksBrokeOff(ILogger logger, Exception exception);

    [LoggerMessage(1332, LogLevel.Error, "the check of an identity of {Owner} broke; the next try is in {Delay}")]
    public static partial void CheckBroke(ILogger logger, AccountRegion owner, TimeSpan delay, Exception exception);

    [LoggerMessage(1333, LogLevel.Error, "an identity cannot be read and is not checked: another version wrote it, or it was changed by hand")]
    public static partial void IdentityUnreadable(ILogger logger);

    [LoggerMessage(1334, LogLevel.Warning, "due identities could not be checked; it goes on at the next turn: {Cause}")]
    public static partial void NotChecked(ILogger logger, string cause);
}
