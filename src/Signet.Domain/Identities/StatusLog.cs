using Microsoft.Extensions.Logging;
using Signet.Names;

namespace Signet.Identities;

/// <summary>Logs what changed between two states of an identity; nothing when nothing did.</summary>
internal static class StatusLog
{
    public static void Write(ILogger logger, Identity? before, Identity after)
    {
        var (name, owner) = (after.Arn.Name, after.Arn.Owner);
        if (name is IdentityName.OfAddress)
        {
            WriteAddress(logger, before?.Status, after.Status, owner);
            return;
        }

        switch (before?.Status, after.Status)
        {
            case var (was, now) when was == now:
                break;
            case (VerificationStatus.TemporaryFailure, VerificationStatus.Success):
                Log.DomainRestored(logger, name, owner);
                break;
            case (_, VerificationStatus.Success):
                Log.DomainVerified(logger, name, owner);
                break;
            case (_, VerificationStatus.TemporaryFailure):
                Log.DomainLost(logger, name, owner, after.Deadline);
                break;
            case (VerificationStatus.TemporaryFailure, VerificationStatus.Failed):
                Log.DomainRevoked(logger, name, owner);
                break;
            case (_, VerificationStatus.Failed):
                Log.DomainFailed(logger, name, owner);
                break;
        }

        switch (before?.Dkim.Status, after.Dkim.Status)
        {
            case var (was, now) when was == now:
                break;
            case (VerificationStatus.TemporaryFailure, VerificationStatus.Success):
                Log.DkimRestored(logger, name, owner);
                break;
            case (_, VerificationStatus.Success):
                Log.DkimVerified(logger, name, owner);
                break;
            case (_, VerificationStatus.TemporaryFailure):
                Log.DkimLost(logger, name, owner, after.Dkim.Deadline);
                break;
            case (VerificationStatus.TemporaryFailure, VerificationStatus.Failed):
                Log.DkimRevoked(logger, name, owner);
                break;
            case (_, VerificationStatus.Failed):
                Log.DkimFailed(logger, name, owner);
                break;
        }
    }

    private static void WriteAddress(ILogger logger, VerificationStatus? was, VerificationStatus now, AccountRegion owner)
    {
        if (was != now && now == VerificationStatus.Success)
        {
            Log.AddressVerified(logger, owner);
        }
        else if (was != now && now == VerificationStatus.Failed)
        {
            Log.AddressFailed(logger, owner);
        }
    }
}
