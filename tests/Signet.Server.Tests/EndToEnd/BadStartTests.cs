using System.Net;
using System.Net.Sockets;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>What stops a start says so in one sentence, ends with 1, and changes nothing.</summary>
public sealed class BadStartTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("signet-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_port_in_use()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        await FailsAsync($"{taken.LocalEndpoint}", "dev", "--http", $"{taken.LocalEndpoint}", "--data", _data);

        Assert.DoesNotContain(Directory.GetFiles(_data), f => f.EndsWith(".db", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_data_directory_that_another_server_has()
    {
        await using var signet = await RunningSignet.StartAsync(_data, "dev", "--http", "127.0.0.1:0", "--smtp", "none");

        await FailsAsync("another Signet server", "dev", "--http", "127.0.0.1:0", "--data", _data);

        Assert.Equal(0, await signet.StopAsync());
    }

    [Fact]
    public async Task A_data_directory_that_is_a_file()
    {
        var file = Path.Combine(_data, "file");
        await File.WriteAllTextAsync(file, "mine", Cancel);

        await FailsAsync(file, "dev", "--http", "127.0.0.1:0", "--data", file);

        Assert.Equal("mine", await File.ReadAllTextAsync(file, Cancel));
    }

    [Fact]
    public async Task A_damaged_store()
    {
        await StartOnceAsync();
        var file = Path.Combine(_data, "signet.db");
        await File.WriteAllBytesAsync(file, [.. "this is no database"u8, .. new byte[8192]], Cancel);
        var before = await File.ReadAllBytesAsync(file, Cancel);

        await FailsAsync("signet.db", "dev", "--http", "127.0.0.1:0", "--data", _data);

        Assert.Equal(before, await File.ReadAllBytesAsync(file, Cancel));
    }

    [Fact]
    public async Task A_master_key_that_is_not_the_stores()
    {
        await StartOnceAsync();
        await File.WriteAllBytesAsync(Path.Combine(_data, "secret.key"), new byte[32], Cancel);

        await FailsAsync("master key", "dev", "--http", "127.0.0.1:0", "--data", _data);
    }

    [Fact]
    public Task A_database_that_cannot_be_reached() =>
        FailsAsync("PostgreSQL", "dev", "--http", "127.0.0.1:0", "--data", _data, "--database", "Host=127.0.0.1;Port=1;Username=a;Password=secret-word");

    [Fact]
    public Task An_address_that_is_not_loopback_in_dev() =>
        FailsAsync("--http", "dev", "--http", "192.0.2.1:8025", "--data", _data);

    private static async Task FailsAsync(string names, params string[] arguments)
    {
        var (exit, output) = await Command.TryRunAsync(arguments);

        Assert.Equal(1, exit);
        var sentence = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith("signet: ", sentence, StringComparison.Ordinal);
        Assert.Contains(names, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private async Task StartOnceAsync()
    {
        await using var signet = await RunningSignet.StartAsync(_data, "dev", "--http", "127.0.0.1:0", "--smtp", "none");
        Assert.Equal(0, await signet.StopAsync());
    }
}
