using Signet.Web.Decisions;

namespace Signet.Web.Tests.Decisions;

public sealed class PolicyWritingTests
{
    [Fact]
    public void A_policy_is_spread_over_lines_and_short_lists_stay_on_one()
    {
        var spread = PolicyWriting.Spread("""{"Statement":[{"Effect":"Allow","Action":["ses:SendEmail","ses:SendRawEmail"],"Condition":{}}]}""", 4096);

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

        Assert.True(PolicyWriting.TryFormat(Text, out var formatted));

        Assert.Equal("{\n  \"a\\u0022b\": \"\\u00e9 \\\"x\\\"\",\n  \"n\": 1.50e+1\n}", formatted);
        Assert.Equal(Text, PolicyWriting.Compact(formatted));
    }

    [Fact]
    public void What_is_not_json_or_would_not_fit_any_more_is_given_back()
    {
        Assert.Equal("{", PolicyWriting.Spread("{", 4096));
        Assert.Equal("""{"a":[{}]}""", PolicyWriting.Spread("""{"a":[{}]}""", 12));
        Assert.False(PolicyWriting.TryFormat("\"\ud800\"", out _));
    }
}
