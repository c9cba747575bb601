using Signet.Identities;
using Signet.Names;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Inspection;

public sealed class ConfirmPageTests
{
    [Theory]
    [InlineData(ConfirmationState.Fresh, 200, "Address confirmed")]
    [InlineData(ConfirmationState.Used, 200, "Address confirmed")]
    [InlineData(ConfirmationState.Expired, 410, "This link has expired")]
    public async Task The_public_page_says_what_became_of_the_link(ConfirmationState state, int status, string title)
    {
        var domain = new FakeDomain();
        domain.Confirmations["token"] = (new IdentityArn(Samples.Owner, IdentityName.Parse("a&b@example.com")), state);
        await using var host = await TestHost.ServeAsync(domain);

        var (code, body) = await host.GetAsync("/_signet/confirm/token");

        Assert.Equal(status, code);
        Assert.Contains($"<h1>{title}</h1>", body, StringComparison.Ordinal);
        Assert.Contains("a&amp;b@example.com", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_nobody_issued_is_404_and_says_what_to_do()
    {
        await using var host = await TestHost.ServeAsync();

        var (status, body) = await host.GetAsync("/_signet/confirm/token");

        Assert.Equal(404, status);
        Assert.Contains("Check that it is complete", body, StringComparison.Ordinal);
    }
}
