using System.Globalization;

namespace Signet.Accounts;

/// <summary>A quota or a rate as people write it: a number, or a word for none. A negative number in the settings is no limit.</summary>
public static class AccountLimit
{
    public const string Unlimited = "unlimited";

    public static string Show(double limit) => limit < 0 ? Unlimited : limit.ToString(CultureInfo.InvariantCulture);

    /// <summary>Takes what <see cref="Show"/> gives: digits, with a decimal point perhaps, or <see cref="Unlimited"/>.</summary>
    public static bool TryParse(string text, out double limit)
    {
        limit = -1;
        return text == Unlimited
            || (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out limit) && double.IsFinite(limit));
    }
}
