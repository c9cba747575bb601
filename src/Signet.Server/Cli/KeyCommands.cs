using System.CommandLine;
using System.Globalization;
using Signet.Accounts;
using Signet.Names;

namespace Signet.Server.Cli;

/// <summary><c>signet key create/list/revoke</c>.</summary>
internal static class KeyCommands
{
    public static Command Create(CommandSurroundings surroundings) => new("key", "Access keys, and the SMTP credentials that go with them")
    {
        CreateKey(surroundings),
        ListKeys(surroundings),
        RevokeKey(surroundings),
    };

    private static Command CreateKey(CommandSurroundings surroundings)
    {
        var user = new Option<string>("--user") { HelpName = "NAME", Description = "a user of the account (its root)" };
        var command = new Command("create", "Create a key and show its secret once") { user };
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var owner = new Principal(call.Needed, call.Parsed.GetValue(user));
            var key = StoreCall.Value(await call.System.Accounts.CreateKeyAsync(owner, call.Cancel));
            var smtpPassword = SmtpCredentials.PasswordFor(key.Secret, call.Region);
            if (call.Output.IsJson)
            {
                call.Output.JsonObject(json =>
                {
                    json.WriteString("accessKeyId", key.Id);
                    json.WriteString("secretAccessKey", key.Secret);
                    json.WriteString("principal", key.Owner.Arn);
                    json.WriteString("region", call.Region.Value);
                    json.WriteString("smtpUserName", key.Id);
                    json.WriteString("smtpPassword", smtpPassword);
                });
            }
            else
            {
                call.Output.Line($"access-key {key.Id}");
                call.Output.Line($"secret {key.Secret}");
                call.Output.Line($"principal {key.Owner.Arn}");
                call.Output.Line($"smtp-user {key.Id}");
                call.Output.Line($"smtp-password {smtpPassword} (in {call.Region})");
                call.Output.Line("The secret and the SMTP password are not shown again.");
            }

            return ExitCode.Done;
        });
    }

    private static Command ListKeys(CommandSurroundings surroundings) =>
        StoreCommand.Over(surroundings, new Command("list", "List the keys of an account and its users"), async call =>
        {
            var keys = StoreCall.Value(await call.System.Accounts.ListKeysAsync(call.Needed, call.Cancel));
            if (call.Output.IsJson)
            {
                call.Output.JsonArray(keys, (json, key) =>
                {
                    json.WriteString("accessKeyId", key.Id);
                    json.WriteString("principal", key.Owner.Arn);
                    json.WriteString("createdAt", key.CreatedAt);
                    if (key.RevokedAt is { } at)
                    {
                        json.WriteString("revokedAt", at);
                    }
                    else
                    {
                        json.WriteNull("revokedAt");
                    }
                });
            }
            else
            {
                call.Output.Table(["ACCESS KEY", "PRINCIPAL", "CREATED", "REVOKED"], keys.Select(IReadOnlyList<string> (k) =>
                    [k.Id, k.Owner.Arn, Time(k.CreatedAt), k.RevokedAt is { } at ? Time(at) : "-"]));
            }

            return ExitCode.Done;
        });

    private static Command RevokeKey(CommandSurroundings surroundings)
    {
        var id = new Argument<string>("key") { Description = "the access key" };
        return StoreCommand.Over(surroundings, new Command("revoke", "Revoke a key permanently") { id }, async call =>
        {
            var revoked = StoreCall.Value(await call.System.Accounts.RevokeKeyAsync(call.Parsed.GetRequiredValue(id), call.Cancel));
            if (call.Output.IsJson)
            {
                call.Output.JsonObject(json => json.WriteString("revoked", revoked));
            }
            else
            {
                call.Output.Line($"revoked {revoked}");
            }

            return ExitCode.Done;
        }, takesAccount: false);
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
