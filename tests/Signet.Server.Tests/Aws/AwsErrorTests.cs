using Signet.Server.Aws;
using Signet.Server.Ses;

namespace Signet.Server.Tests.Aws;

public sealed class AwsErrorTests
{
    [Fact]
    public void No_text_repeats_more_than_a_thousand_characters_of_the_request()
    {
        var value = new string('x', 1_000_000);

        AwsError[] errors =
        [
            SesError.InvalidParameterValue($"Identity <{value}> does not exist."),
            SesError.InvalidPolicy($"Statement 1: `{value}` is not an action."),
            AwsError.NoSuchOperation(value, value),
            AwsError.InvalidQueryParameter($"The parameter {value} is given more than once."),
            AwsError.NotAuthorized("arn:aws:iam::111122223333:user/x", "ses:PutIdentityPolicy", value),
        ];

        Assert.All(errors, e => Assert.InRange(e.Message.Length, 900, 1_000));
        Assert.EndsWith("xxx` is not an action.", errors[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_validation_errors_are_told_and_the_others_counted()
    {
        var error = AwsError.ValidationError([.. Enumerable.Range(1, 47).Select(i => Violation.Null($"{i}"))]);

        Assert.StartsWith("47 validation errors detected: Value null at '1' failed", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Member must not be null; and 37 more", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'11'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_signature_shows_what_it_should_have_been_computed_over_but_no_more_than_a_thousand_characters()
    {
        const string Usual = "POST\n/\n\ncontent-type:application/x-www-form-urlencoded\nhost:localhost\n\ncontent-type;host\nabc";

        Assert.Contains($"'{Usual}'", AwsError.SignatureDoesNotMatch(Usual, "AWS4-HMAC-SHA256\nx").Message, StringComparison.Ordinal);
        Assert.InRange(AwsError.SignatureDoesNotMatch(new string('c', 100_000), new string('s', 100_000)).Message.Count(c => c is 'c' or 's'), 900, 1_100);
    }
}
