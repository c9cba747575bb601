using Signet.Web.Decisions;

namespace Signet.Web.Tests.Decisions;

public sealed class ShortNamesTests
{
    [Theory]
    [InlineData("arn:aws:ses:us-east-1:000000000000:identity/example.com has no policy", "example.com has no policy")]
    [InlineData("allows it to arn:aws:iam::444455556666:root.", "allows it to 444455556666.")]
    [InlineData("of arn:aws:iam::444455556666:user/team/mailer denies it", "of 444455556666/team/mailer denies it")]
    [InlineData("arn:aws:sns:us-east-1:000000000000:topic", "arn:aws:sns:us-east-1:000000000000:topic")]
    public void Only_what_all_arns_have_in_common_is_left_out(string text, string shown) => Assert.Equal(shown, ShortNames.In(text));
}
