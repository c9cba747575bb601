using System.Diagnostics;
using Signet.Sending;
using Signet.Server.Ses.Protocol;

namespace Signet.Server.Ses.Actions.Sending;

/// <summary>The code with which SES answers when a message is refused at the door (ses/sending.md §9); the words are the door's.</summary>
internal static class RefusalError
{
    public static SesError Of(Refusal refusal) => refusal switch
    {
        Refusal.Invalid => SesError.InvalidParameterValue(refusal.Text),
        Refusal.NotVerified => SesError.MessageRejected(refusal.Text),
        Refusal.AccessDenied => SesError.AccessDenied(refusal.Text),
        Refusal.SendingPaused or Refusal.AccountPaused => SesError.AccountSendingPaused(refusal.Text),
        Refusal.NoSuchConfigurationSet => SesError.ConfigurationSetDoesNotExist(refusal.Text),
        Refusal.RateExceeded or Refusal.QuotaExceeded or Refusal.TooManyRefused => SesError.Throttling(refusal.Text),
        _ => throw new UnreachableException(),
    };
}
