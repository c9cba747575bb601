using System.Diagnostics;
using Signet.Sending;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Sending;

/// <summary>The parameters that the sending actions share beside addresses and content, and how a submission becomes their answer.</summary>
internal static class SendParameters
{
    public static Member<string?> SourceArn { get; } = Member.Optional("SourceArn", Shapes.Text());

    public static Member<string?> ReturnPathArn { get; } = Member.Optional("ReturnPathArn", Shapes.Text());

    public static Member<string?> ConfigurationSetName { get; } = Member.Optional("ConfigurationSetName", Shapes.Text());

    /// <summary>An ARN as written; an empty parameter is none.</summary>
    public static ArnText? Arn(string? text) => string.IsNullOrEmpty(text) ? null : new ArnText(text);

    /// <summary>Hands the message in. The MessageId is answered only once the message is stored.</summary>
    /// <exception cref="AwsException">The message was refused.</exception>
    public static async Task<Reply> AcceptAsync(ActionContext context, SubmissionRequest request, CancellationToken cancel) =>
        await context.Domain.AcceptAsync(request, cancel) switch
        {
            SubmissionResult.Accepted accepted => result => result.Text("MessageId", accepted.Id.Value),
            SubmissionResult.Refused refused => throw RefusalError.Of(refused.Refusal),
            _ => throw new UnreachableException(),
        };
}
