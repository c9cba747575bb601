using Signet.Names;

namespace Signet.Policies;

/// <summary>
/// What the row of a message or a refusal has beside its decision, which then need not repeat it. Reading has to find the same facts as writing did.
/// </summary>
/// <param name="Principal">The caller's ARN.</param>
/// <param name="Action">For instance <c>ses:SendEmail</c>.</param>
/// <param name="Region">Where; empty for none.</param>
/// <param name="At">When.</param>
/// <param name="SourceIp">The caller's address, if it is stored.</param>
/// <param name="Feedback">Where bounces go, if it is stored.</param>
/// <param name="Recipients">Each an address, with or without a name.</param>
public sealed record SendFacts(
    string Principal, string Action, string Region, DateTimeOffset At, string? SourceIp, string? Feedback, IReadOnlyList<string> Recipients)
{
    /// <summary>Those of a message.</summary>
    public static SendFacts OfMessage(
        string principal, string operation, AccountRegion? owner, DateTimeOffset acceptedAt, string? sourceIp, string feedback,
        IReadOnlyList<string> recipients) =>
        new(principal, $"ses:{operation}", owner?.Region.Value ?? "", acceptedAt, sourceIp, feedback, recipients);

    /// <summary>Those of a refusal, which has neither address nor return path.</summary>
    public static SendFacts OfRefusal(
        string caller, string action, AccountRegion? owner, DateTimeOffset at, IReadOnlyList<string> recipients) =>
        new(caller, action, owner?.Region.Value ?? "", at, null, null, recipients);
}
