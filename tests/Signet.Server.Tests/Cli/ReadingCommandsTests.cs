using Signet.Server.Cli;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.Cli;

/// <summary>A slip in <c>--data</c> must not leave an empty store behind that the next command takes for the right one.</summary>
public sealed class ReadingCommandsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signet-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("account list")]
    [InlineData("account update 111122223333 --production")]
    [InlineData("identity list --account 111122223333")]
    [InlineData("identity verify shop.test --now --account 111122223333")]
    [InlineData("key create --account 111122223333")]
    [InlineData("queue list")]
    [InlineData("queue drop --yes")]
    [InlineData("message show 0100019c00000001-11111111-2222-4333-8444-555555555555-000000")]
    [InlineData("operator list")]
    [InlineData("operator create ana --role administer --external --account 111122223333")]
    [InlineData("send --from a@shop.test --to b@client.test --account 111122223333")]
    public async Task A_command_that_needs_a_store_says_that_there_is_none_and_makes_none(string command)
    {
        var data = Path.Combine(_directory, "wrong");

        var (code, error) = await RunAsync([.. command.Split(' '), "--data", data]);

        Assert.Equal(1, code);
        Assert.Equal(
            $"signet: there is no store `{Path.Combine(data, "signet.db")}`: `signet serve` or `signet account create` makes one; `--data` names another place\n", error);
        Assert.False(Directory.Exists(data));
    }

    [Theory]
    [InlineData("account create 111122223333")]
    [InlineData("operator create ana --role administer --external")]
    public async Task The_first_account_or_operator_makes_the_store(string command)
    {
        var data = Path.Combine(_directory, "new");

        Assert.Equal((0, ""), await RunAsync([.. command.Split(' '), "--data", data]));
        Assert.Equal((0, ""), await RunAsync("account", "list", "--data", data));
    }

    [Theory]
    [InlineData("account create 1111")]
    [InlineData("account create --rate fast")]
    [InlineData("operator create ana --role boss")]
    [InlineData("operator create a/b --role read --external")]
    [InlineData("operator create ana --role read --password-file /nothing/there")]
    public async Task What_cannot_be_made_makes_no_store(string command)
    {
        var data = Path.Combine(_directory, "new");

        Assert.NotEqual(0, (await RunAsync([.. command.Split(' '), "--data", data])).Code);
        Assert.False(Directory.Exists(data));
    }

    private async Task<(int Code, string Error)> RunAsync(params string[] args)
    {
        var error = new StringWriter { NewLine = "\n" };
        var line = new CommandLine(new CommandSurroundings(
            TextWriter.Null, error, new SettingsSurroundings(_ => null, _directory, "mail.example.com"), Composition.OpenAsync, TimeProvider.System));
        return (await line.RunAsync(args, TestContext.Current.CancellationToken), error.ToString());
    }
}
