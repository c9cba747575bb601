using System.Net;
using System.Net.Sockets;
using Signet.Queue;
using Signet.Server.Hosting;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Hosting;

public sealed class StartTests
{
    [Fact]
    public async Task Dev_prints_its_real_addresses_and_the_variables_to_copy()
    {
        await using var host = await TestHost.DevAsync();
        var url = host.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

        Assert.NotEqual("http://127.0.0.1:0", url);
        Assert.Equal($"http {url}", host.StartLines[0]);
        Assert.Equal($"console {url}/console/", host.StartLines[1]);
        Assert.StartsWith("smtp 127.0.0.1:1025 (nothing listens there", host.StartLines[2], StringComparison.Ordinal);
        Assert.StartsWith("data /", host.StartLines[3], StringComparison.Ordinal);
        Assert.Equal(
            [
                "database SQLite in the data directory",
                "route capture",
                $"export AWS_ENDPOINT_URL_SES={url}",
                "export AWS_ACCESS_KEY_ID=test",
                "export AWS_SECRET_ACCESS_KEY=test",
                "export AWS_DEFAULT_REGION=us-east-1",
                "ready: dev, Ctrl-C stops",
            ],
            host.StartLines.Skip(4));
    }

    [Fact]
    public async Task Serve_prints_the_address_of_inspection_and_no_test_key()
    {
        await using var host = await TestHost.ServeAsync();

        Assert.Equal($"inspection {host.Inspection.BaseAddress!.GetLeftPart(UriPartial.Authority)}", host.StartLines[1]);
        Assert.Equal($"console {host.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}/console/", host.StartLines[2]);
        Assert.DoesNotContain(host.StartLines, l => l.StartsWith("export", StringComparison.Ordinal));
        Assert.Equal("ready: serve", host.StartLines[^1]);
    }

    [Theory]
    [InlineData("Host=db.test;Username=signet;Password=s3cret", "Host=db.test;Username=signet;Password=***")]
    [InlineData("Host=db.test;PWD=s3cret", "Host=db.test;PWD=***")]
    [InlineData("postgres://signet:s3cret@db.test", "***")]
    public void A_password_is_not_printed(string connection, string shown) =>
        Assert.Equal(shown, StartLines.Masked(connection), ignoreCase: true);

    [Fact]
    public async Task A_port_in_use_stops_the_start_before_the_store_is_opened()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var domain = new FakeDomain();

        var exception = await Assert.ThrowsAsync<StartException>(() => StartAsync(domain, http: $"{other.LocalEndPoint}"));

        Assert.Equal($"cannot listen on `{other.LocalEndPoint}` (`--http`): another program listens there", exception.Message);
        Assert.Null(domain.OpenedWith);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_stops_the_start()
    {
        var file = Path.GetTempFileName();

        var exception = await Assert.ThrowsAsync<StartException>(() => StartAsync(new FakeDomain(), data: Path.Combine(file, "data")));

        Assert.StartsWith($"the data directory `{file}/data` (`--data`) cannot be written: ", exception.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_stop_closes_the_store()
    {
        var host = await TestHost.DevAsync();

        await host.DisposeAsync();

        Assert.True(host.Domain.IsClosed);
    }

    [Fact]
    public async Task Confirmation_links_begin_with_the_port_that_was_picked()
    {
        await using var host = await TestHost.ServeAsync();

        Assert.Equal(host.Http.BaseAddress, host.Domain.OpenedWith?.PublicUrl);
    }

    [Fact]
    public async Task Health_tells_a_live_process_from_a_ready_one()
    {
        await using var host = await TestHost.ServeAsync();

        Assert.Equal((200, "live\n"), await host.GetAsync("/health/live"));
        Assert.Equal((200, "ready\n"), await host.GetAsync("/health/ready"));
    }

    [Fact]
    public async Task A_store_that_takes_nothing_makes_the_process_unready_until_it_does()
    {
        await using var host = await TestHost.ServeAsync();
        host.Domain.StoreFailure = new StoreUnavailableException("the disk is full");

        Assert.Equal((503, "the store cannot be written\n"), await host.GetAsync("/health/ready"));
        Assert.Equal(200, (await host.GetAsync("/health/live")).Status);

        // Asking more often does not press the store more.
        host.Domain.StoreFailure = null;
        Assert.Equal(503, (await host.GetAsync("/health/ready")).Status);
        Assert.Equal(1, host.Domain.Checks);
        host.Domain.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await host.GetAsync("/health/ready")).Status);
    }

    private static async Task StartAsync(FakeDomain domain, string http = "127.0.0.1:0", string? data = null)
    {
        var directory = data ?? Directory.CreateTempSubdirectory("signet-test-").FullName;
        var surroundings = new SettingsSurroundings(_ => null, Path.GetTempPath(), "mail.example.com");
        var settings = SettingsReader.Read(
            isDev: true, new Dictionary<string, IReadOnlyList<string>> { ["http"] = [http], ["data"] = [directory] }, surroundings);
        await using var host = await ServerHost.StartAsync(
            settings, surroundings, domain.OpenAsync, domain.Time, TestContext.Current.CancellationToken);
    }
}
