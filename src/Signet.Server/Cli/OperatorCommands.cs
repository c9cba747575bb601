using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Signet.Operators;

namespace Signet.Server.Cli;

/// <summary><c>signet operator create/list/update/password/sign-out/delete</c>.</summary>
internal static class OperatorCommands
{
    private const string PasswordSources =
        "from `--password-file`, from standard input, or from a prompt; never from the command line, which `ps` shows to everybody";

    public static Command Create(CommandSurroundings surroundings) => new("operator", "Operators: the people who log in to the console")
    {
        CreateOperator(surroundings),
        ListOperators(surroundings),
        UpdateOperator(surroundings),
        SetPassword(surroundings),
        SignOut(surroundings),
        DeleteOperator(surroundings),
    };

    private static Command CreateOperator(CommandSurroundings surroundings)
    {
        var name = new Argument<string>("name") { Description = "1 to 64 letters, digits and +=,.@_-, without regard to case" };
        var (role, file) = (RoleOption(), FileOption());
        var external = new Option<bool>("--external")
        {
            Description = "create it without a password, for sign-in by OpenID Connect only",
            Arity = ArgumentArity.Zero,
        };
        var command = new Command("create", $"Create an operator for the given account or the whole server; the password comes {PasswordSources}")
        {
            name, role, file, external,
        };
        var (chosen, password) = (OperatorRole.Read, (string?)null);
        return StoreCommand.Over(
            surroundings,
            command,
            async call => Show(call, StoreCall.Value(await call.System.Operators.CreateAsync(
                call.Parsed.GetRequiredValue(name), chosen, call.Account, password, call.Cancel))),
            makesStore: async (parsed, cancel) =>
            {
                chosen = Role(parsed, role)
                    ?? throw new CommandException("`--role` is missing: is it `read`, `operate` or `administer`?", ExitCode.Usage);
                var isExternal = parsed.GetValue(external);
                if (isExternal && parsed.GetValue(file) is not null)
                {
                    throw new CommandException("`--external` and `--password-file` exclude each other", ExitCode.Usage);
                }

                var called = parsed.GetRequiredValue(name);
                if (!Operator.TryFoldName(called, out var folded))
                {
                    throw new CommandException(new OperatorProblem.BadName(called).Text);
                }

                password = isExternal ? null : await PasswordInput.ReadAsync(surroundings, parsed.GetValue(file), cancel);
                if (password is not null && OperatorPasswords.ProblemWith(password, folded) is { } problem)
                {
                    throw new CommandException(problem.Text);
                }
            });
    }

    private static Command ListOperators(CommandSurroundings surroundings) =>
        StoreCommand.Over(surroundings, new Command("list", "All operators"), async call =>
        {
            var operators = await call.System.Operators.ListAsync(call.Cancel);
            if (call.Output.IsJson)
            {
                call.Output.JsonArray(operators, Write);
            }
            else
            {
                call.Output.Table(
                    ["NAME", "ROLE", "ACCOUNT", "PASSWORD", "CREATED", "LAST SIGN-IN"],
                    operators.Select(IReadOnlyList<string> (o) =>
                        [o.Name, RoleName(o), Reach(o), YesNo(o), Time(o.CreatedAt), Time(o.LastSignInAt)]));
            }

            return ExitCode.Done;
        }, takesAccount: false);

    private static Command UpdateOperator(CommandSurroundings surroundings)
    {
        var (name, role) = (NameArgument(), RoleOption());
        var allAccounts = new Option<bool>("--all-accounts") { Description = "for the whole server", Arity = ArgumentArity.Zero };
        var command = new Command("update", "Change an operator's role or account, and end its sessions") { name, role, allAccounts };
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var toAll = call.Parsed.GetValue(allAccounts);
            if (toAll && call.Account is not null)
            {
                throw new CommandException("`--account` and `--all-accounts` exclude each other", ExitCode.Usage);
            }

            var change = new OperatorChange(
                Role(call.Parsed, role), toAll ? new OperatorReach(null) : call.Account is { } account ? new OperatorReach(account) : null);
            return change == new OperatorChange()
                ? throw new CommandException("nothing to change: see `signet operator update --help`", ExitCode.Usage)
                : Show(call, StoreCall.Value(await call.System.Operators.ChangeAsync(call.Parsed.GetRequiredValue(name), change, call.Cancel)));
        });
    }

    private static Command SetPassword(CommandSurroundings surroundings)
    {
        var (name, file) = (NameArgument(), FileOption());
        var command = new Command(
            "password", $"Set an operator's password, and end its sessions and its waits after wrong passwords; the password comes {PasswordSources}")
        {
            name, file,
        };
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var password = await PasswordInput.ReadAsync(surroundings, call.Parsed.GetValue(file), call.Cancel);
            return Show(call, StoreCall.Value(
                await call.System.Operators.SetPasswordAsync(call.Parsed.GetRequiredValue(name), password, call.Cancel)));
        }, takesAccount: false);
    }

    private static Command SignOut(CommandSurroundings surroundings)
    {
        var name = NameArgument();
        return StoreCommand.Over(surroundings, new Command("sign-out", "End all sessions of an operator") { name }, async call =>
            Show(call, StoreCall.Value(
                await call.System.Operators.SignOutEverywhereAsync(call.Parsed.GetRequiredValue(name), call.Cancel))), takesAccount: false);
    }

    private static Command DeleteOperator(CommandSurroundings surroundings)
    {
        var name = NameArgument();
        return StoreCommand.Over(surroundings, new Command("delete", "Delete an operator and end its sessions") { name }, async call =>
        {
            var gone = StoreCall.Value(await call.System.Operators.DeleteAsync(call.Parsed.GetRequiredValue(name), call.Cancel));
            if (call.Output.IsJson)
            {
                call.Output.JsonObject(json => json.WriteString("deleted", gone.Name));
            }
            else
            {
                call.Output.Line($"deleted {gone.Name}");
            }

            return ExitCode.Done;
        }, takesAccount: false);
    }

    private static Argument<string> NameArgument() => new("name") { Description = "the operator's name" };

    private static Option<string> RoleOption() => new("--role")
    {
        HelpName = "ROLE",
        Description = "read: view; operate: also hold, retry, drop, release and delete mail, edit identities and policies; "
            + "administer: also accounts, users, keys and operators",
    };

    private static Option<string> FileOption() => new("--password-file") { HelpName = "FILE", Description = "holds the password, on one line" };

    private static OperatorRole? Role(ParseResult parsed, Option<string> option) => parsed.GetValue(option) switch
    {
        null => null,
        "read" => OperatorRole.Read,
        "operate" => OperatorRole.Operate,
        "administer" => OperatorRole.Administer,
        var other => throw new CommandException($"`--role` is `read`, `operate` or `administer`, not `{other}`", ExitCode.Usage),
    };

    private static int Show(StoreCall call, Operator shown)
    {
        if (call.Output.IsJson)
        {
            call.Output.JsonObject(json => Write(json, shown));
        }
        else
        {
            call.Output.Line($"operator {shown.Name}");
            call.Output.Line($"role {RoleName(shown)}");
            call.Output.Line($"account {Reach(shown)}");
            call.Output.Line($"password {YesNo(shown)}");
        }

        return ExitCode.Done;
    }

    private static void Write(Utf8JsonWriter json, Operator shown)
    {
        json.WriteString("name", shown.Name);
        json.WriteString("role", RoleName(shown));
        json.WriteString("account", shown.Account?.Value);
        json.WriteBoolean("hasPassword", shown.HasPassword);
        json.WriteString("createdAt", shown.CreatedAt);
        if (shown.LastSignInAt is { } at)
        {
            json.WriteString("lastSignInAt", at);
        }
        else
        {
            json.WriteNull("lastSignInAt");
        }
    }

    private static string RoleName(Operator shown) => shown.Role.ToString().ToLowerInvariant();

    private static string Reach(Operator shown) => shown.Account?.Value ?? "all";

    private static string YesNo(Operator shown) => shown.HasPassword ? "yes" : "no";

    private static string Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "-";
}
