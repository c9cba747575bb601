using System.CommandLine;
using System.Globalization;
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
        var command = new Command("create", "Create an account; it begins in the sandbox") { id, name };
        limits.AddTo(command);
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var account = StoreCall.Value(await call.System.Accounts.CreateAccountAsync(
                call.Parsed.GetValue(id) is { } text ? Id(text) : null,
                call.Parsed.GetValue(name) ?? "",
                call.Region,
                limits.Read(call.Parsed),
                call.Cancel));
            await ShowAsync(call, account.Id);
            return ExitCode.Done;
        }, takesAccount: false, makesStore: (parsed, _) =>
        {
            // What cannot be an account makes no store either.
            if (parsed.GetValue(id) is { } text)
            {
                Id(text);
            }

            limits.Read(parsed);
            return Task.CompletedTask;
        });
    }

    private static Command ListAccounts(CommandSurroundings surroundings) =>
        StoreCommand.Over(surroundings, new Command("list", "List all accounts and their own settings"), async call =>
        {
            var accounts = await call.System.Accounts.ListAccountsAsync(call.Cancel);
            if (call.Output.IsJson)
            {
                call.Output.JsonArray(accounts, (json, overview) =>
                {
                    json.WriteString("account", overview.Account.Id.Value);
                    json.WriteString("name", overview.Account.Name);
                    json.WriteString("createdAt", overview.Account.CreatedAt);
                    Write(json, overview.Account.Pause);
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
                    ["ACCOUNT", "NAME", "REGION", "KIND", "QUOTA", "RATE", "SENDING", "PAUSED"],
                    accounts.SelectMany(Rows));
            }

            return ExitCode.Done;
        }, takesAccount: false);

    private static Command UpdateAccount(CommandSurroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = "twelve digits" };
        var limits = new LimitOptions();
        var pause = new PauseOptions();
        var command = new Command("update", "Change the settings of an account in a region, or pause all of it") { id };
        limits.AddTo(command);
        pause.AddTo(command);
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var account = Id(call.Parsed.GetRequiredValue(id));
            var change = limits.Read(call.Parsed);
            var paused = await pause.ApplyAsync(call, account);
            if (change is not null)
            {
                StoreCall.Value(await call.System.Accounts.UpdateSettingsAsync(new AccountRegion(account, call.Region), change, call.Cancel));
            }
            else if (!paused)
            {
                throw new CommandException("nothing to change: see `signet account update --help`", ExitCode.Usage);
            }

            await ShowAsync(call, account);
            return ExitCode.Done;
        }, takesAccount: false);
    }

    private static AccountId Id(string text) =>
        AccountId.TryParse(text, out var id) ? id
        : throw new CommandException($"`{text}` is not an account: an account is twelve digits", ExitCode.Usage);

    private static async Task ShowAsync(StoreCall call, AccountId account)
    {
        var scope = new AccountRegion(account, call.Region);
        var (settings, pause) = await call.System.Accounts.StandingAsync(scope, call.Cancel);
        if (call.Output.IsJson)
        {
            call.Output.JsonObject(json =>
            {
                json.WriteString("account", scope.Account.Value);
                json.WriteString("region", scope.Region.Value);
                Write(json, settings);
                Write(json, pause);
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
            call.Output.Line($"paused {Paused(pause) ?? "no"}");
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(AccountOverview overview) => overview.Settings.Count == 0
        ? [[overview.Account.Id.Value, overview.Account.Name, "-", "-", "-", "-", "-", Paused(overview.Account.Pause) ?? "-"]]
        : overview.Settings.Select(IReadOnlyList<string> (s) =>
        [
            overview.Account.Id.Value, overview.Account.Name, s.Scope.Region.Value, Kind(s.Settings),
            AccountLimit.Show(s.Settings.Max24HourSend), AccountLimit.Show(s.Settings.MaxSendRate), OnOff(s.Settings),
            Paused(overview.Account.Pause) ?? "-",
        ]);

    private static void Write(Utf8JsonWriter json, AccountSettings settings)
    {
        json.WriteBoolean("sandbox", settings.Sandbox);
        json.WriteNumber("max24HourSend", settings.Max24HourSend);
        json.WriteNumber("maxSendRate", settings.MaxSendRate);
        json.WriteBoolean("sendingEnabled", settings.SendingEnabled);
    }

    private static void Write(Utf8JsonWriter json, AccountPause? pause)
    {
        if (pause is null)
        {
            json.WriteNull("paused");
            return;
        }

        json.WriteStartObject("paused");
        json.WriteString("at", pause.At);
        json.WriteString("reason", pause.Reason);
        json.WriteEndObject();
    }

    private static string? Paused(AccountPause? pause) => pause is null ? null
        : pause.At.UtcDateTime.ToString("'since 'yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            + (pause.Reason.Length > 0 ? $": {pause.Reason}" : "");

    private static string Kind(AccountSettings settings) => settings.Sandbox ? "sandbox" : "production";

    private static string OnOff(AccountSettings settings) => settings.SendingEnabled ? "on" : "off";

    /// <summary>The options that pause an account as a whole.</summary>
    private sealed class PauseOptions
    {
        private readonly Option<string> pause = new("--pause")
        {
            HelpName = "REASON",
            Description = "accept no mail from it in any region; the optional reason is for operators",
            Arity = ArgumentArity.ZeroOrOne,
        };

        private readonly Option<bool> resume = new("--resume") { Description = "accept its mail again", Arity = ArgumentArity.Zero };

        public void AddTo(Command command)
        {
            command.Options.Add(pause);
            command.Options.Add(resume);
        }

        /// <summary>Pauses or resumes; false when neither is given.</summary>
        /// <exception cref="CommandException">Both are given, or the domain refuses.</exception>
        public async Task<bool> ApplyAsync(StoreCall call, AccountId account)
        {
            var (toPause, toResume) = (call.Parsed.GetResult(pause) is not null, call.Parsed.GetValue(resume));
            if (toPause && toResume)
            {
                throw new CommandException("`--pause` and `--resume` exclude each other", ExitCode.Usage);
            }

            if (toPause)
            {
                StoreCall.Value(await call.System.Accounts.PauseAsync(account, call.Parsed.GetValue(pause) ?? "", call.Cancel));
            }
            else if (toResume)
            {
                StoreCall.Value(await call.System.Accounts.ResumeAsync(account, call.Cancel));
            }

            return toPause || toResume;
        }
    }

    /// <summary>The options that change an account's settings.</summary>
    private sealed class LimitOptions
    {
        private readonly Option<bool> production = new("--production") { Description = "out of the sandbox", Arity = ArgumentArity.Zero };
        private readonly Option<bool> sandbox = new("--sandbox") { Description = "mail to verified recipients only", Arity = ArgumentArity.Zero };
        private readonly Option<string> quota = new("--quota") { HelpName = "N", Description = "recipients per day, or `unlimited`" };
        private readonly Option<string> rate = new("--rate") { HelpName = "N", Description = "recipients per second, or `unlimited`" };
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
