using Signet.Console.Why;

namespace Signet.Console.Tests.Why;

public sealed class PolicyTextTests
{
    [Fact]
    public void A_policy_is_spread_over_lines_and_short_lists_stay_on_one()
    {
        var spread = PolicyText.Spread("""{"Statement":[{"Effect":"Allow","Action":["ses:SendEmail","ses:SendRawEmail"],"Condition":{}}]}""", 4096);

        Assert.Equal(
            """
            {
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": ["ses:SendEmail", "ses:SendRawEmail"],
                  "Condition": {}
                }
              ]
            }
            """.ReplaceLineEndings("\n"),
            spread);
    }

    [Fact]
    public void Escapes_and_numbers_stay_as_written()
    {
        const string Text = """{"a\u0022b":"\u00e9 \"x\"","n":1.50e+1}""";

        Assert.True(PolicyText.TryFormat(Text, out var formatted));

        Assert.Equal("""{"a\u0022b": "\u00e9 \"x\"","n": 1.50e+1}""", formatted.Replace("\n", "", StringComparison.Ordinal).Replace("  ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_json_or_would_not_fit_any_more_is_given_back()
    {
        Assert.Equal("{", PolicyText.Spread("{", 4096));
        Assert.Equal("""{"a":[{}]}""", PolicyText.Spread("""{"a":[{}]}""", 12));
        Assert.False(PolicyText.TryFormat("\"\ud800\"", out _));
    }
}
