using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.Hosting;

public sealed class HostnameTests
{
    [Theory]
    [InlineData("mail", "smtp://127.0.0.1:2525", true)]
    [InlineData("mail.example.com", "smtp://127.0.0.1:2525", false)]
    [InlineData("mail", "capture", false)]
    public async Task A_hostname_of_one_label_is_warned_of_where_mail_leaves(string hostname, string route, bool isWarnedOf)
    {
        await using var signet = await RunningSignet.StartAsync(
            null, "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", route, "--hostname", hostname);
        await signet.StopAsync();

        Assert.Equal(isWarnedOf, signet.Output.Contains("set --hostname", StringComparison.Ordinal));
    }
}
