using Signet.Identities;
using Signet.Names;
using Signet.Queue;
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

    [Theory]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("NONSENSE")]
    public async Task Only_a_GET_confirms(string method)
    {
        var domain = new FakeDomain();
        domain.Confirmations["token"] = (new IdentityArn(Samples.Owner, IdentityName.Parse("a@example.com")), ConfirmationState.Fresh);
        await using var host = await TestHost.ServeAsync(domain);

        var (status, body) = await host.SendAsync(new HttpMethod(method), "/_signet/confirm/token");

        Assert.Equal(405, status);
        Assert.Empty(domain.Confirmed);
        Assert.DoesNotContain("a@example.com", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a/b")]
    [InlineData("/%2F")]
    [InlineData("/%F0%28%8C%28")]
    [InlineData("/<script>")]
    [InlineData("/token?x=1&token=2")]
    [InlineData("//token")]
    public async Task A_token_of_any_shape_is_answered_as_one_that_nobody_issued(string token)
    {
        await using var host = await TestHost.ServeAsync();

        foreach (var path in (string[])["/_signet/confirm", "/_SIGNET/Confirm"])
        {
            var (status, body) = await host.GetAsync(path + token);
            var (posted, _) = await host.SendAsync(HttpMethod.Post, path + token);

            Assert.Equal((404, 405), (status, posted));
            Assert.Contains("This link is not known", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_that_is_too_long_or_empty_is_not_looked_for()
    {
        var domain = new FakeDomain();
        await using var host = await TestHost.ServeAsync(domain);

        Assert.Equal(404, (await host.GetAsync($"/_signet/confirm/{new string('a', 6_000)}")).Status);
        Assert.Equal(404, (await host.GetAsync("/_signet/confirm/")).Status);
        Assert.Empty(domain.Confirmed);
    }

    [Fact]
    public async Task While_the_store_is_away_the_page_asks_to_come_back()
    {
        var domain = new FakeDomain();
        await using var host = await TestHost.ServeAsync(domain);
        domain.StoreFailure = new StoreUnavailableException("the disk is full");

        var (status, body) = await host.GetAsync("/_signet/confirm/token");

        Assert.Equal(503, status);
        Assert.Contains("follow the link again", body, StringComparison.Ordinal);
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
