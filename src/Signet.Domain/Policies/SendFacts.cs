namespace Signet.Policies;

/// <summary>What is stored of a send beside its decision, which then need not repeat it.</summary>
/// <param name="Principal">The caller's ARN.</param>
/// <param name="Action">For instance <c>ses:SendEmail</c>.</param>
/// <param name="Region">Where; empty for none.</param>
/// <param name="At">When.</param>
/// <param name="SourceIp">The caller's address, if it is stored.</param>
/// <param name="Feedback">Where bounces go, if it is stored.</param>
/// <param name="Recipients">Each an address, with or without a name.</param>
public sealed record SendFacts(
    string Principal, string Action, string Region, DateTimeOffset At, string? SourceIp, string? Feedback, IReadOnlyList<string> Recipients);
