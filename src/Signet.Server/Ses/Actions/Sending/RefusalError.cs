using Signet.Sending;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Sending;

/// <summary>How the API answers when a message is refused. <see cref="Submission"/> has recorded the refusal.</summary>
internal static class RefusalError
{
    public static AwsException Of(Refusal refusal) => new(new AwsError(refusal.Code, refusal.Status, refusal.Text)) { IsRecorded = true };
}
