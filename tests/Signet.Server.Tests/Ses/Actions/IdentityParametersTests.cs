using Signet.Identities;
using Signet.Server.Aws;
using Signet.Server.Ses.Actions.Identities;

namespace Signet.Server.Tests.Ses.Actions;

public sealed class IdentityParametersTests
{
    [Fact]
    public void One_identity_too_many_is_a_limit_exceeded()
    {
        var error = Assert.Throws<AwsException>(() => IdentityParameters.Started(new VerificationStart.TooMany(10_000))).Error;

        Assert.Equal(("LimitExceeded", 400), (error.Code, error.Status));
        Assert.Contains("10000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_may_be_known_keep_their_spelling_and_come_once()
    {
        var known = IdentityParameters.ParseKnown(["SHOP.test", "shop.test", "SHOP.test", "no name", "Info@shop.test"]);

        Assert.Equal(
            [("SHOP.test", "shop.test"), ("shop.test", "shop.test"), ("Info@shop.test", "Info@shop.test")],
            known.Select(k => (k.AsWritten, k.Name.Value)));
    }
}
