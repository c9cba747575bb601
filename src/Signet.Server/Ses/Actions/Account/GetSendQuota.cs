using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Account;

/// <summary>What the account may send in 24 hours and in a second, and what it has used; see <see cref="SesOptions.Unlimited"/>.</summary>
internal static class GetSendQuota
{
    public static Structure Input { get; } = new();

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var settings = await context.Domain.Accounts.SettingsAsync(context.Scope, cancel);
        var used = await context.Domain.History.QuotaUsedAsync(context.Scope, context.Domain.Time.GetUtcNow(), cancel);
        var unlimited = context.Options.Unlimited;
        return result =>
        {
            result.Number("Max24HourSend", settings.Max24HourSend < 0 ? unlimited.Max24HourSend : settings.Max24HourSend);
            result.Number("MaxSendRate", settings.MaxSendRate < 0 ? unlimited.MaxSendRate : settings.MaxSendRate);
            result.Number("SentLast24Hours", used);
        };
    }
}
