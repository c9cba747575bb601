using System.CommandLine;
using System.Text.Json;
using Signet.Accounts;
using Signet.Names;

namespace Signet.Server.Cli;

/// <summary><c>signet account create/list/update</c>.</summary>
internal static class AccountCommands
{
    public static Command Create(CommandSurroundings surroundings) => new("account", "Accounts: sandbox or production, quota, rate")
    {
        CreateAccount(surroundings),
        ListAccounts(surroundings),
        UpdateAccount(surroundings),
    };

    private static Command CreateAccount(CommandSurroundings surroundings)
    {
        var id = new Argument<string?>("id") { Description = "twelve digits; random unless given", Arity = ArgumentArity.ZeroOrOne };
        var name = new Option<string>("--name") { HelpName = "TEXT", Description = "a label for people" };
        var limits = new LimitOptions();
        var command = new Command("create", "Make an account; it begins in the sandbox") { id, name };
        limits.AddTo(command);
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var account = StoreCall.Value(await call.System.Accounts.CreateAccountAsync(
                call.Parsed.GetValue(id) is { } text ? Id(text) : null,
                call.Parsed.GetValue(name) ?? "",
                call.Region,
                limits.Read(call.Parsed),
                call.Cancel));
            var scope = new AccountRegion(account.Id, call.Region);
            Show(call, scope, await call.System.Accounts.SettingsAsync(scope, call.Cancel));
            return ExitCode.Done;
        }, takesAccount: false);
    }

    private static Command ListAccounts(CommandSurroundings surroundings) =>
        StoreCommand.Over(surroundings, new Command("list", "All accounts, with the settings they have of their own"), async call =>
        {
            var accounts = await call.System.Accounts.ListAccountsAsync(call.Cancel);
            if (call.Output.IsJson)
            {
                call.Output.JsonArray(accounts, (json, overview) =>
                {
                    json.WriteString("account", overview.Account.Id.Value);
                    json.WriteString("name", overview.Account.Name);
                    json.WriteString("createdAt", overview.Account.CreatedAt);
                    json.WriteStartArray("settings");
                    foreach (var (scope, settings) in overview.Settings)
                    {
                        json.WriteStartObject();
                        json.WriteString("region", scope.Region.Value);
                        Write(json, settings);
                        json.WriteEndObject();
                    }

                    json.WriteEndArray();
                });
            }
            else
            {
                call.Output.Table(
                    ["ACCOUNT", "NAME", "REGION", "KIND", "QUOTA", "RATE", "SENDING"],
                    accounts.SelectMany(Rows));
            }

            return ExitCode.Done;
        }, takesAccount: false);

    private static Command UpdateAccount(CommandSurroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = "twelve digits" };
        var limits = new LimitOptions();
        var command = new Command("update", "Change the settings of an account in a region") { id };
        limits.AddTo(command);
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var scope = new AccountRegion(Id(call.Parsed.GetRequiredValue(id)), call.Region);
            var change = limits.Read(call.Parsed)
                ?? throw new CommandException("nothing to change: see `signet account update --help`", ExitCode.Usage);
            Show(call, scope, StoreCall.Value(await call.System.Accounts.UpdateSettingsAsync(scope, change, call.Cancel)));
            return ExitCode.Done;
        }, takesAccount: false);
    }

    private static AccountId Id(string text) =>
        AccountId.TryParse(text, out var id) ? id
        : throw new CommandException($"`{text}` is not an account: an account is twelve digits", ExitCode.Usage);

    private static void Show(StoreCall call, AccountRegion scope, AccountSettings settings)
    {
        if (call.Output.IsJson)
        {
            call.Output.JsonObject(json =>
            {
                json.WriteString("account", scope.Account.Value);
                json.WriteString("region", scope.Region.Value);
                Write(json, settings);
            });
        }
        else
        {
            call.Output.Line($"account {scope.Account}");
            call.Output.Line($"region {scope.Region}");
            call.Output.Line($"kind {Kind(settings)}");
            call.Output.Line($"quota {AccountLimit.Show(settings.Max24HourSend)} recipients a day");
            call.Output.Line($"rate {AccountLimit.Show(settings.MaxSendRate)} recipients a second");
            call.Output.Line($"sending {OnOff(settings)}");
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(AccountOverview overview) => overview.Settings.Count == 0
        ? [[overview.Account.Id.Value, overview.Account.Name, "-", "-", "-", "-", "-"]]
        : overview.Settings.Select(IReadOnlyList<string> (s) =>
        [
            overview.Account.Id.Value, overview.Account.Name, s.Scope.Region.Value, Kind(s.Settings),
            AccountLimit.Show(s.Settings.Max24HourSend), AccountLimit.Show(s.Settings.MaxSendRate), OnOff(s.Settings),
        ]);

    private static void Write(Utf8JsonWriter json, AccountSettings settings)
    {
        json.WriteBoolean("sandbox", settings.Sandbox);
        json.WriteNumber("max24HourSend", settings.Max24HourSend);
        json.WriteNumber("maxSendRate", settings.MaxSendRate);
        json.WriteBoolean("sendingEnabled", settings.SendingEnabled);
    }

    private static string Kind(AccountSettings settings) => settings.Sandbox ? "sandbox" : "production";

    private static string OnOff(AccountSettings settings) => settings.SendingEnabled ? "on" : "off";

    /// <summary>The options that change an account's settings.</summary>
    private sealed class LimitOptions
    {
        private readonly Option<bool> production = new("--production") { Description = "out of the sandbox", Arity = ArgumentArity.Zero };
        private readonly Option<bool> sandbox = new("--sandbox") { Description = "mail to verified recipients only", Arity = ArgumentArity.Zero };
        private readonly Option<string> quota = new("--quota") { HelpName = "N", Description = "recipients a day, or `unlimited`" };
        private readonly Option<string> rate = new("--rate") { HelpName = "N", Description = "recipients a second, or `unlimited`" };
        private readonly Option<string> sending = new("--sending") { HelpName = "on|off", Description = "the switch of UpdateAccountSendingEnabled" };

        public void AddTo(Command command)
        {
            foreach (var option in (Option[])[production, sandbox, quota, rate, sending])
            {
                command.Options.Add(option);
            }
        }

        /// <summary>What is to change; null for nothing.</summary>
        public SettingsChange? Read(ParseResult parsed)
        {
            var (toProduction, toSandbox) = (parsed.GetValue(production), parsed.GetValue(sandbox));
            if (toProduction && toSandbox)
            {
                throw new CommandException("`--production` and `--sandbox` exclude each other", ExitCode.Usage);
            }

            var change = new SettingsChange(
                toProduction ? false : toSandbox ? true : null,
                Limit(parsed, quota),
                Limit(parsed, rate),
                parsed.GetValue(sending) switch
                {
                    null => null,
                    "on" => true,
                    "off" => false,
                    var other => throw new CommandException($"`--sending` is `on` or `off`, not `{other}`", ExitCode.Usage),
                });
            return change == new SettingsChange() ? null : change;
        }

        private static double? Limit(ParseResult parsed, Option<string> option) => parsed.GetValue(option) switch
        {
            null => null,
            var text when AccountLimit.TryParse(text, out var limit) => limit,
            var text => throw new CommandException($"`{option.Name}` is a number or `{AccountLimit.Unlimited}`, not `{text}`", ExitCode.Usage),
        };
    }
}
