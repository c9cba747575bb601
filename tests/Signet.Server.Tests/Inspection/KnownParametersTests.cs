using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Inspection;

/// <summary>A slip in the name of a parameter must not ask, or delete, more than was meant.</summary>
public sealed class KnownParametersTests
{
    private readonly FakeDomain _domain = new();

    [Theory]
    [InlineData("DELETE", "/_signet/messages?acount=111122223333", "acount", "`text`, `address`, `id`, `state`, `tag`, `until`, `to`, `from`, `subject`, `account`")]
    [InlineData("GET", "/_signet/messages?recipient=a@example.com", "recipient", "`to`")]
    [InlineData("GET", "/_signet/messages/count?sinc=2026-01-01", "sinc", "`since`")]
    [InlineData("GET", "/_signet/events?kind=Send", "kind", "there are `type`, `account`, `region`, `limit`")]
    [InlineData("GET", "/_signet/refusals?type=Send", "type", "there are `account`, `region`, `limit`")]
    [InlineData("POST", "/_signet/reset?acount=111122223333", "acount", "there are `account`")]
    [InlineData("GET", "/_aws/ses?mail=a@example.com", "mail", "there are `id`, `email`")]
    [InlineData("DELETE", "/_aws/ses?mail=a@example.com", "mail", "there are `id`, `email`")]
    public async Task A_parameter_that_a_path_does_not_have_is_refused_with_those_that_it_has(string method, string path, string name, string names)
    {
        _domain.Archive.Add(Samples.Message(1), "Subject: x\n\n");
        await using var host = await TestHost.DevAsync(_domain);

        var (status, body) = await host.SendAsync(new HttpMethod(method), path);

        Assert.Equal(400, status);
        Assert.Contains($"there is no parameter `{name}` here", body, StringComparison.Ordinal);
        Assert.Contains(names, body, StringComparison.Ordinal);
        Assert.False(_domain.Archive.WasReset);
        Assert.Equal("""{"count":1}""", (await host.GetAsync("/_signet/messages/count")).Body);
    }

    [Theory]
    [InlineData("/_signet/messages/x?id=y")]
    [InlineData("/_signet?x=1")]
    [InlineData("/_signet/openapi.json?x=1")]
    public async Task A_path_without_parameters_takes_none(string path)
    {
        await using var host = await TestHost.DevAsync(_domain);

        var (status, body) = await host.GetAsync(path);

        Assert.Equal(400, status);
        Assert.Contains("this path takes none", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/_signet/reset?account=", "`account` is empty: leave it out to mean all of them")]
    [InlineData("POST", "/_signet/reset?account=shop", "`account` is twelve digits, not `shop`")]
    [InlineData("DELETE", "/_signet/messages?account=", "`account` is empty: leave it out to mean all of them")]
    public async Task A_variable_that_was_never_set_forgets_nothing(string method, string path, string error)
    {
        _domain.Archive.Add(Samples.Message(1), "Subject: x\n\n");
        await using var host = await TestHost.DevAsync(_domain);

        Assert.Equal((400, $$"""{"error":"{{error}}"}"""), await host.SendAsync(new HttpMethod(method), path));
        Assert.Equal("""{"count":1}""", (await host.GetAsync("/_signet/messages/count")).Body);
    }

    [Fact]
    public async Task A_reset_of_one_account_leaves_the_mail_of_others()
    {
        _domain.Archive.Add(Samples.Message(1), "Subject: x\n\n");
        await using var host = await TestHost.DevAsync(_domain);

        Assert.Equal(204, (await host.SendAsync(HttpMethod.Post, "/_signet/reset?account=999900001111")).Status);
        Assert.Equal("""{"count":1}""", (await host.GetAsync("/_signet/messages/count")).Body);
        Assert.Equal(204, (await host.SendAsync(HttpMethod.Post, $"/_signet/reset?account={Samples.Message(1).Owner!.Value.Account}")).Status);
        Assert.Equal("""{"count":0}""", (await host.GetAsync("/_signet/messages/count")).Body);
    }

    [Fact]
    public async Task The_case_of_a_name_does_not_count()
    {
        await using var host = await TestHost.DevAsync(_domain);

        Assert.Equal(200, (await host.GetAsync("/_signet/messages?LIMIT=5")).Status);
    }
}
