using System.Globalization;
using Signet.Events;
using Signet.Operators;

namespace Signet.Tests;

public sealed class CultureTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.FromHours(2));

    // Another year (Thailand, Saudi Arabia, Iran), another time separator (Finland), another i (Turkey).
    [Theory]
    [InlineData("th-TH")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    [InlineData("fi-FI")]
    [InlineData("tr-TR")]
    public void A_time_reads_the_same_whatever_language_the_server_was_started_in(string culture)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);

        var delay = EventDetail.DeliveryDelay("General", Noon, new RecipientDetail("to@example.com", "4.4.1", "smtp; 421 later"), "mail.example.com");

        Assert.Contains("\"expirationTime\":\"2026-03-01T10:00:00.250Z\"", delay, StringComparison.Ordinal);
        Assert.EndsWith(" 10:00:00 UTC", new OperatorProblem.TooManyWrongPasswords(Noon).Text, StringComparison.Ordinal);
    }
}
