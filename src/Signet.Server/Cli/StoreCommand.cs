using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Accounts;
using Signet.Archive;
using Signet.Names;
using Signet.Operators;
using Signet.Server.Hosting;
using Signet.Telemetry;

namespace Signet.Server.Cli;

/// <summary>
/// What every command has that opens the store: the settings that say which, <c>--account</c>, <c>--region</c>, <c>--json</c>. It
/// may run beside a server that uses the same store.
/// </summary>
internal sealed class StoreCommand
{
    private readonly CommandSurroundings surroundings;
    private readonly SettingOptions settings;
    private readonly Option<string> account = new("--account") { HelpName = "ID", Description = "twelve digits" };
    private readonly Option<string> region = new("--region") { HelpName = "NAME", Description = "us-east-1 unless given, or the first of the server's regions" };
    private readonly Option<bool> json = new("--json") { Description = "answer in JSON", Arity = ArgumentArity.Zero };

    private StoreCommand(CommandSurroundings surroundings, Command command, bool takesAccount)
    {
        this.surroundings = surroundings;
        if (takesAccount)
        {
            command.Options.Add(account);
        }

        command.Options.Add(region);
        command.Options.Add(json);
        settings = SettingOptions.AddTo(command, SettingUse.Command);
    }

    /// <summary>Makes the command do <paramref name="act"/> over the opened store.</summary>
    /// <param name="surroundings">Where it runs.</param>
    /// <param name="command">The command; its own options and arguments are there already.</param>
    /// <param name="act">What it does.</param>
    /// <param name="takesAccount">False where the account is an argument, or none is meant.</param>
    /// <param name="makesStore">
    /// For what an operator begins with, which makes the store when there is none: checks what it was given before that. All others refuse,
    /// and so does this one where it is about an account, which has to be there.
    /// </param>
    /// <param name="vouches">The switch by which the operator vouches for the identities that this call begins to verify.</param>
    public static Command Over(
        CommandSurroundings surroundings,
        Command command,
        Func<StoreCall, Task<int>> act,
        bool takesAccount = true,
        Func<ParseResult, CancellationToken, Task>? makesStore = null,
        Option<bool>? vouches = null)
    {
        var store = new StoreCommand(surroundings, command, takesAccount);
        command.SetAction((parsed, cancel) =>
            store.RunAsync(parsed, act, makesStore, vouches is not null && parsed.GetValue(vouches), cancel));
        return command;
    }

    private async Task<int> RunAsync(
        ParseResult parsed, Func<StoreCall, Task<int>> act, Func<ParseResult, CancellationToken, Task>? makesStore, bool vouches,
        CancellationToken cancel)
    {
        var read = SettingsReader.ReadCommand(settings.Given(parsed), surroundings.Settings);
        var named = Account(parsed);
        var mustExist = makesStore is null || named is not null;
        if (makesStore is not null)
        {
            await makesStore(parsed, cancel);
        }

        if (!mustExist || Directory.Exists(read.Store.Data))
        {
            DataDirectory.Prepare(read.Store.Data);
        }

        using var metrics = new SignetMetrics();
        await using var system = await surroundings.Open(
            Options(read, vouches) with { StoreMustExist = mustExist }, new ArrivalSignal(), metrics, NullLoggerFactory.Instance, cancel);
        var output = new CommandOutput(surroundings, parsed.GetValue(json));
        return await act(new StoreCall(parsed, system, named, Region(parsed, system.Regions), output, cancel));
    }

    private AccountId? Account(ParseResult parsed) =>
        parsed.GetResult(account) is null ? null
        : AccountId.TryParse(parsed.GetValue(account), out var id) ? id
        : throw new CommandException($"`{parsed.GetValue(account)}` is not an account: an account is twelve digits", ExitCode.Usage);

    private Region Region(ParseResult parsed, RegionSet regions) =>
        parsed.GetResult(region) is null ? regions.Default
        : regions.TryFind(parsed.GetValue(region), out var name) ? name
        : throw new CommandException(regions.Unknown(parsed.GetValue(region) ?? ""), ExitCode.Usage);

    private static MailSystemOptions Options(CommandSettings read, bool vouches) => new()
    {
        Store = read.Store,
        Hostname = read.Hostname,
        MachineName = read.MachineName,
        PublicUrl = read.PublicUrl,
        DkimZone = read.DkimZone,
        Regions = read.Regions,
        Vouches = vouches,
        MaxMessageSize = read.MaxMessageSize,
    };
}

/// <summary>One call of a command: what it was given, and what it works on.</summary>
internal sealed record StoreCall(
    ParseResult Parsed,
    MailSystem System,
    AccountId? Account,
    Region Region,
    CommandOutput Output,
    CancellationToken Cancel)
{
    /// <summary>The account and region that the command is about.</summary>
    /// <exception cref="CommandException">No account was named.</exception>
    public AccountRegion Scope => new(Needed, Region);

    /// <summary>The value of what the store answered.</summary>
    /// <exception cref="CommandException">It refused.</exception>
    public static T Value<T>(AccountOutcome<T> outcome) => outcome switch
    {
        AccountOutcome<T>.Done done => done.Value,
        AccountOutcome<T>.Refused refused => throw new CommandException(refused.Problem.Text),
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc cref="Value{T}(AccountOutcome{T})"/>
    public static T Value<T>(OperatorOutcome<T> outcome) => outcome switch
    {
        OperatorOutcome<T>.Done done => done.Value,
        OperatorOutcome<T>.Refused refused => throw new CommandException(refused.Problem.Text),
        _ => throw new UnreachableException(),
    };

    /// <summary>The account that the command is about.</summary>
    /// <exception cref="CommandException">No account was named.</exception>
    public AccountId Needed => Account ?? throw new CommandException("`--account` is missing: name the account", ExitCode.Usage);
}
