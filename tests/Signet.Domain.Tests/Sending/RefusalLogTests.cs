using Signet.Sending;
using Signet.Tests.Fakes;

namespace Signet.Tests.Sending;

public sealed class RefusalLogTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_log_gets_the_first_line_only_since_the_rest_of_a_wrong_signature_is_the_request(bool storeFails)
    {
        RecordingLogger<RefusalLog> log = new();
        var refusals = new RefusalLog(new RecordingHistory { Fails = storeFails }, null, new Uri("http://signet.test/console/"), log);

        await refusals.RecordAsync(
            RefusedRequest.Unproven(
                DateTimeOffset.UnixEpoch, null, "AKIA", "", "SignatureDoesNotMatch", 403, "It does not match.\n\nGET\n/\nMessage.Body.Text.Data=secret"),
            TestContext.Current.CancellationToken);

        Assert.Equal(storeFails ? 2 : 1, log.Lines.Count);
        Assert.All(log.Lines, l => Assert.Contains("It does not match.", l, StringComparison.Ordinal));
        Assert.All(log.Lines, l => Assert.DoesNotContain("secret", l, StringComparison.Ordinal));
    }
}
