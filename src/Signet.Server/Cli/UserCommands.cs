using System.CommandLine;
using Signet.Names;
using Signet.Policies;

namespace Signet.Server.Cli;

/// <summary><c>signet user create/list/policy</c>.</summary>
internal static class UserCommands
{
    public static Command Create(CommandSurroundings surroundings) => new("user", "Users of an account and what they may do")
    {
        CreateUser(surroundings),
        ListUsers(surroundings),
        new Command("policy", "Policies that say what a user may do")
        {
            ListPolicies(surroundings),
            PutPolicy(surroundings),
            DeletePolicy(surroundings),
        },
    };

    private static Command CreateUser(CommandSurroundings surroundings)
    {
        var name = new Argument<string>("name") { Description = "1 to 64 letters, digits and +=,.@_-" };
        var policy = new Option<string>("--policy")
        {
            HelpName = "FILE",
            Description = "its first policy, `-` for standard input (one that allows all SES actions)",
        };
        return StoreCommand.Over(surroundings, new Command("create", "Create a user") { name, policy }, async call =>
        {
            var document = call.Parsed.GetValue(policy) is { } file ? await ReadPolicyAsync(file, call.Cancel) : FirstUserPolicy.FullAccess;
            var user = StoreCall.Value(await call.System.Accounts.CreateUserAsync(
                call.Needed, call.Parsed.GetRequiredValue(name), document, call.Cancel));
            Say(call, "user", user.Principal.Arn);
            return ExitCode.Done;
        });
    }

    private static Command ListUsers(CommandSurroundings surroundings) =>
        StoreCommand.Over(surroundings, new Command("list", "List the users of an account"), async call =>
        {
            var users = StoreCall.Value(await call.System.Accounts.ListUsersAsync(call.Needed, call.Cancel));
            if (call.Output.IsJson)
            {
                call.Output.JsonArray(users, (json, user) =>
                {
                    json.WriteString("name", user.Name);
                    json.WriteString("arn", user.Principal.Arn);
                    json.WriteString("createdAt", user.CreatedAt);
                });
            }
            else
            {
                call.Output.Table(["NAME", "ARN"], users.Select(IReadOnlyList<string> (u) => [u.Name, u.Principal.Arn]));
            }

            return ExitCode.Done;
        });

    private static Command ListPolicies(CommandSurroundings surroundings)
    {
        var user = User();
        return StoreCommand.Over(surroundings, new Command("list", "List the policies of a user") { user }, async call =>
        {
            var principal = Principal(call, user);
            if (await call.System.AccountStore.FindUserAsync(principal.Account, principal.UserName!, call.Cancel) is null)
            {
                throw new CommandException($"account `{principal.Account}` has no user `{principal.UserName}`");
            }

            var policies = await call.System.Accounts.UserPoliciesAsync(principal, call.Cancel) ?? [];
            if (call.Output.IsJson)
            {
                call.Output.JsonArray(policies, (json, policy) =>
                {
                    json.WriteString("name", policy.Name.Value);
                    json.WritePropertyName("document");
                    json.WriteRawValue(policy.Document);
                });
            }
            else
            {
                call.Output.Table(["NAME", "DOCUMENT"], policies.Select(IReadOnlyList<string> (p) => [p.Name.Value, p.Document]));
            }

            return ExitCode.Done;
        });
    }

    private static Command PutPolicy(CommandSurroundings surroundings)
    {
        var (user, name) = (User(), PolicyArgument());
        var file = new Argument<string>("file") { Description = "JSON; `-` for standard input" };
        return StoreCommand.Over(surroundings, new Command("put", "Create or replace a policy") { user, name, file }, async call =>
        {
            var document = await ReadPolicyAsync(call.Parsed.GetRequiredValue(file), call.Cancel);
            var policy = new NamedPolicy(Name(call, name), document);
            StoreCall.Value(await call.System.Accounts.PutUserPolicyAsync(Principal(call, user), policy, call.Cancel));
            Say(call, "policy", policy.Name.Value);
            return ExitCode.Done;
        });
    }

    private static Command DeletePolicy(CommandSurroundings surroundings)
    {
        var (user, name) = (User(), PolicyArgument());
        return StoreCommand.Over(surroundings, new Command("delete", "Remove a policy") { user, name }, async call =>
        {
            var gone = StoreCall.Value(await call.System.Accounts.DeleteUserPolicyAsync(Principal(call, user), Name(call, name), call.Cancel));
            Say(call, "deleted", gone.Value);
            return ExitCode.Done;
        });
    }

    private static Argument<string> User() => new("user") { Description = "the user's name" };

    private static Argument<string> PolicyArgument() => new("policy") { Description = "the policy's name" };

    private static Principal Principal(StoreCall call, Argument<string> user) => new(call.Needed, call.Parsed.GetRequiredValue(user));

    private static PolicyName Name(StoreCall call, Argument<string> name)
    {
        var text = call.Parsed.GetRequiredValue(name);
        return PolicyName.TryParse(text, out var parsed) ? parsed
            : throw new CommandException($"`{text}` is not a policy name: 1 to {PolicyName.MaxLength} letters, digits, `-` and `_`", ExitCode.Usage);
    }

    private static async Task<string> ReadPolicyAsync(string file, CancellationToken cancel)
    {
        string text;
        try
        {
            text = file == "-" ? await Console.In.ReadToEndAsync(cancel) : await File.ReadAllTextAsync(file, cancel);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"the policy file `{file}` cannot be read: {exception.Message.TrimEnd('.')}");
        }

        return PolicyDocument.TryParseForUser(text, out var document, out var problem) ? document.CompactText
            : throw new CommandException($"`{file}` is not a valid user policy: {problem}");
    }

    private static void Say(StoreCall call, string what, string value)
    {
        if (call.Output.IsJson)
        {
            call.Output.JsonObject(json => json.WriteString(what, value));
        }
        else
        {
            call.Output.Line($"{what} {value}");
        }
    }
}
