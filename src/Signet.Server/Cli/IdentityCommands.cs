using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Signet.Identities;
using Signet.Names;

namespace Signet.Server.Cli;

/// <summary><c>signet identity list/verify/show</c>.</summary>
internal static class IdentityCommands
{
    private const int PageSize = 500;

    public static Command Create(CommandSurroundings surroundings) => new("identity", "Verified addresses and domains, and the DNS records to publish")
    {
        ListIdentities(surroundings),
        Verify(surroundings),
        Show(surroundings),
    };

    private static Command ListIdentities(CommandSurroundings surroundings) =>
        StoreCommand.Over(surroundings, new Command("list", "List the identities of an account in a region"), async call =>
        {
            var identities = await AllAsync(call);
            if (call.Output.IsJson)
            {
                call.Output.JsonArray(identities, Write);
            }
            else
            {
                call.Output.Table(["IDENTITY", "STATUS", "DKIM"], identities.Select(IReadOnlyList<string> (i) =>
                    [i.Arn.Name.Value, $"{i.Status}", $"{i.Dkim.Status}"]));
            }

            return ExitCode.Done;
        });

    private static Command Verify(CommandSurroundings surroundings)
    {
        var name = Name();
        var now = new Option<bool>("--now") { Description = "verify immediately, without proof; DKIM still needs its records", Arity = ArgumentArity.Zero };
        var command = new Command("verify", "Start verifying an address (by mail) or a domain with its DKIM (by DNS)") { name, now };
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var identity = await BeginAsync(call, Parse(call, name));
            await PrintAsync(call, identity);
            return ExitCode.Done;
        }, vouches: now);
    }

    private static Command Show(CommandSurroundings surroundings)
    {
        var name = Name();
        return StoreCommand.Over(surroundings, new Command("show", "Show an identity and the DNS records to publish for it") { name }, async call =>
        {
            var arn = new IdentityArn(call.Scope, Parse(call, name));
            var identity = await call.System.IdentityStore.FindAsync(arn, call.Cancel)
                ?? throw new CommandException($"account `{call.Needed}` has no identity `{arn.Name}` in {call.Region}");
            await PrintAsync(call, identity);
            return ExitCode.Done;
        });
    }

    private static Argument<string> Name() => new("name") { Description = "an email address or a domain" };

    private static IdentityName Parse(StoreCall call, Argument<string> name)
    {
        var text = call.Parsed.GetRequiredValue(name);
        return IdentityName.TryParse(text, out var parsed) ? parsed
            : throw new CommandException($"`{text}` is neither an email address nor a domain", ExitCode.Usage);
    }

    private static async Task<Identity> BeginAsync(StoreCall call, IdentityName name)
    {
        switch (name)
        {
            case IdentityName.OfAddress address:
                return Known(await call.System.Identities.VerifyEmailAsync(call.Scope, address.Address, call.Cancel));
            case IdentityName.OfDomain domain:
                Known(await call.System.Identities.VerifyDomainAsync(call.Scope, domain.Name, call.Cancel));
                return Known(await call.System.Identities.VerifyDkimAsync(call.Scope, domain.Name, call.Cancel));
            default:
                throw new UnreachableException($"{name}");
        }
    }

    private static Identity Known(VerificationStart start) => start switch
    {
        VerificationStart.Known known => known.Identity,
        VerificationStart.AccountPaused => throw new CommandException("the account is paused, so no confirmation mail is sent for it"),
        VerificationStart.TooMany tooMany => throw new CommandException($"the account already has {tooMany.Limit} identities in this region"),
        VerificationStart.TooSoon tooSoon => throw new CommandException(
            $"{tooSoon.Reason}: the next one can be sent in {tooSoon.WaitInWords}"),
        VerificationStart.KeysBusy => throw new CommandException(VerificationStart.KeysBusy.Text),
        _ => throw new UnreachableException(),
    };

    private static async Task<List<Identity>> AllAsync(StoreCall call)
    {
        List<Identity> all = [];
        IReadOnlyList<Identity> page;
        do
        {
            var after = all.Count == 0 ? null : all[^1].Arn.Name.Value;
            page = await call.System.IdentityStore.ListAsync(call.Scope, null, after, PageSize, call.Cancel);
            all.AddRange(page);
        }
        while (page.Count == PageSize);

        return all;
    }

    private static async Task PrintAsync(StoreCall call, Identity identity)
    {
        var records = await call.System.Identities.RecordsAsync(identity, call.Cancel);
        if (call.Output.IsJson)
        {
            call.Output.JsonObject(json =>
            {
                Write(json, identity);
                json.WriteStartArray("records");
                foreach (var record in records)
                {
                    json.WriteStartObject();
                    json.WriteString("purpose", record.Purpose);
                    json.WriteString("name", record.Name);
                    json.WriteString("type", record.Type);
                    json.WriteString("value", record.Value);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
            return;
        }

        call.Output.Line($"identity {identity.Arn}");
        call.Output.Line($"status {identity.Status}");
        call.Output.Line($"dkim {identity.Dkim.Status}{(identity.Dkim.Enabled ? "" : " (off)")}");
        if (records.Count > 0)
        {
            call.Output.Line("");
            call.Output.Table(["PURPOSE", "NAME", "TYPE", "VALUE"], records.Select(IReadOnlyList<string> (r) =>
                [r.Purpose, r.Name, r.Type, r.Value]));
        }
    }

    private static void Write(Utf8JsonWriter json, Identity identity)
    {
        json.WriteString("name", identity.Arn.Name.Value);
        json.WriteString("arn", identity.Arn.ToString());
        json.WriteString("status", identity.Status.ToString());
        json.WriteString("dkimStatus", identity.Dkim.Status.ToString());
        json.WriteBoolean("dkimEnabled", identity.Dkim.Enabled);
        json.WriteString("createdAt", identity.CreatedAt);
    }
}
