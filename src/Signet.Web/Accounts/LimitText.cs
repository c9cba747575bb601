using System.Globalization;
using Signet.Accounts;

namespace Signet.Web.Accounts;

/// <summary>Numbers of the accounts' pages, with their thousands marked, to be read and not to be typed.</summary>
internal static class LimitText
{
    public static string Rate(AccountSettings settings) => settings.MaxSendRate < 0 ? AccountLimit.Unlimited : $"{Number(settings.MaxSendRate)}/s";

    /// <summary>What was used of the quota.</summary>
    public static string Quota(RegionState state) => state.Settings.Max24HourSend < 0
        ? $"{Number(state.QuotaUsed)}, {AccountLimit.Unlimited}"
        : $"{Number(state.QuotaUsed)} of {Number(state.Settings.Max24HourSend)}";

    /// <summary>How much of the quota is used, 0 to 1; null where there is no quota.</summary>
    public static double? Share(RegionState state) =>
        state.Settings.Max24HourSend < 0 ? null
        : state.Settings.Max24HourSend == 0 ? 1
        : Math.Min(1, state.QuotaUsed / state.Settings.Max24HourSend);

    public static string Count(int count, string what) => $"{Number(count)} {what}{(count == 1 ? "" : "s")}";

    public static string Number(double number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);
}
