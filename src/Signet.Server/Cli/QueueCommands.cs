using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Signet.Delivery;
using Signet.Queue;
using Signet.Telemetry;

namespace Signet.Server.Cli;

/// <summary><c>signet queue list/show/retry/hold/drop/reroute</c>; <see cref="SuspensionCommands"/> has the rest.</summary>
internal static class QueueCommands
{
    private const int PageSize = 500;

    private delegate Task<QueueChange> Change(
        IQueueControl queue, DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel);

    public static Command Create(CommandSurroundings surroundings) => new("queue", "Waiting mail: list, retry, hold, drop, reroute and suspend it")
    {
        List(surroundings),
        Show(surroundings),
        Changing(surroundings, new Command("retry", "Attempt deferred and held deliveries now"), "due now", (q, f, n, p, c) => q.RetryAsync(f, n, p, c)),
        Changing(surroundings, new Command("hold", "Hold deliveries until they are retried"), "held", (q, f, n, p, c) => q.HoldAsync(f, n, p, c)),
        Changing(
            surroundings, new Command("drop", "End deliveries as failed, without a notification"), "dropped", (q, f, n, p, c) => q.DropAsync(f, n, p, c),
            new Option<bool>("--yes") { Description = "confirm: dropped deliveries cannot be retried", Arity = ArgumentArity.Zero }),
        Reroute(surroundings),
        SuspensionCommands.Suspend(surroundings),
        SuspensionCommands.Resume(surroundings),
        SuspensionCommands.List(surroundings),
    };

    private static Command List(CommandSurroundings surroundings)
    {
        var filter = new DeliveryFilterOptions();
        var limit = new LimitOption(100);
        var command = new Command("list", "List waiting mail by recipient domain, largest first");
        filter.AddTo(command);
        command.Options.Add(limit.Option);
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var most = limit.Read(call.Parsed);
            var found = await call.System.QueueControl.ListDestinationsAsync(filter.Read(call.Parsed), most, call.Cancel);
            var destinations = found.Listed;
            var hosts = await call.System.DestinationDomains.FindAsync([.. destinations.Select(d => d.Domain)], call.Cancel);
            if (call.Output.IsJson)
            {
                call.Output.JsonArray(destinations, (json, destination) => Write(json, destination, hosts.GetValueOrDefault(destination.Domain)));
            }
            else
            {
                call.Output.Table(
                    ["DOMAIN", "QUEUED", "DEFERRED", "HELD", "OLDEST", "NEXT ATTEMPT", "DESTINATION", "LAST RESULT"],
                    destinations.Select(IReadOnlyList<string> (d) =>
                    [
                        d.Domain, Number(d.Queued), Number(d.Deferred), Number(d.Held), Time(d.Oldest), Time(d.NextAttemptAt),
                        hosts.GetValueOrDefault(d.Domain)?.Value ?? "-", d.LastResult ?? "-",
                    ]));
                SayIfMore(call, found.Destinations > destinations.Count, most);
                if (found.CountedAt is { } at)
                {
                    call.Output.Line("");
                    call.Output.Line($"counted {Time(at)}: a long queue is counted from time to time");
                }
            }

            return ExitCode.Done;
        }, takesAccount: false);
    }

    private static Command Show(CommandSurroundings surroundings)
    {
        var filter = new DeliveryFilterOptions();
        var limit = new LimitOption(100);
        var newest = new Option<bool>("--newest") { Description = "newest first instead of oldest first", Arity = ArgumentArity.Zero };
        var command = new Command("show", "List waiting deliveries one by one, oldest first");
        filter.AddTo(command);
        command.Options.Add(limit.Option);
        command.Options.Add(newest);
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var most = limit.Read(call.Parsed);
            var order = call.Parsed.GetValue(newest) ? DeliveryOrder.NewestFirst : DeliveryOrder.OldestFirst;
            var found = await FindAsync(call, filter.Read(call.Parsed), order, most + 1L);
            var deliveries = found.Take(most);
            if (call.Output.IsJson)
            {
                call.Output.JsonArray(deliveries, Write);
            }
            else
            {
                call.Output.Table(
                    ["MESSAGE", "RECIPIENT", "STATE", "ACCEPTED", "ATTEMPTS", "NEXT ATTEMPT", "ROUTE", "LAST RESULT"],
                    deliveries.Select(IReadOnlyList<string> (d) =>
                    [
                        d.MessageId.Value, d.Recipient, State(d), Time(d.AcceptedAt), Number(d.Attempts),
                        Time(d.NextAttemptAt), d.Route ?? "-", d.LastResult ?? "-",
                    ]));
                SayIfMore(call, found.Count > most, most);
            }

            return ExitCode.Done;
        }, takesAccount: false);
    }

    private static Command Reroute(CommandSurroundings surroundings)
    {
        var target = new Option<string>("--to")
        {
            HelpName = "TARGET",
            Description = "mx, smtp://host[:port], smtps://host[:port], or default for the configured route",
            Required = true,
        };
        var command = new Command("reroute", "Deliver waiting mail along another route, now");
        command.Options.Add(target);
        string? stored = null;
        return Changing(
            surroundings, command, "rerouted", (q, f, n, p, c) => q.RerouteAsync(f, stored, n, p, c),
            check: parsed =>
            {
                if (!RerouteTarget.TryParse(parsed.GetValue(target), out stored, out var refusal))
                {
                    throw new CommandException(refusal, ExitCode.Usage);
                }
            });
    }

    private static Command Changing(
        CommandSurroundings surroundings, Command command, string done, Change change, Option<bool>? confirmation = null,
        Action<ParseResult>? check = null)
    {
        var filter = new DeliveryFilterOptions();
        var all = AllOption();
        filter.AddTo(command);
        command.Options.Add(all);
        if (confirmation is not null)
        {
            command.Options.Add(confirmation);
        }

        return StoreCommand.Over(surroundings, command, async call =>
        {
            check?.Invoke(call.Parsed);
            var which = Which(call.Parsed, command, filter, all);
            if (confirmation is not null && !call.Parsed.GetValue(confirmation))
            {
                throw new CommandException("dropped deliveries cannot be retried: confirm with `--yes`", ExitCode.Usage);
            }

            var total = await TotalAsync(call, which);
            var outcome = await call.Output.ProgressAsync(
                $"queue {command.Name}", total,
                progress => change(call.System.QueueControl, which, call.System.Time.GetUtcNow(), progress, call.Cancel));
            Say(call, done, outcome);
            return ExitCode.Done;
        }, takesAccount: false);
    }

    public static Option<bool> AllOption() => new("--all") { Description = "all waiting deliveries", Arity = ArgumentArity.Zero };

    /// <summary>What a command that changes something is about.</summary>
    /// <exception cref="CommandException">Nothing says which, or both everything and some.</exception>
    public static DeliveryFilter Which(ParseResult parsed, Command command, DeliveryFilterOptions filter, Option<bool> all)
    {
        var which = filter.Read(parsed);
        return which == DeliveryFilter.Everything == parsed.GetValue(all) ? which
            : throw new CommandException(
                $"which deliveries? `signet queue {command.Name}` takes either `--all` or some of {filter.Names}", ExitCode.Usage);
    }

    /// <summary>How many deliveries match, for a bar.</summary>
    public static async Task<long> TotalAsync(StoreCall call, DeliveryFilter which) =>
        (await call.System.QueueControl.ListDestinationsAsync(which, 1, call.Cancel)).Total;

    /// <summary>What came of a change.</summary>
    /// <param name="call">The call.</param>
    /// <param name="done">What the deliveries are now.</param>
    /// <param name="outcome">How many.</param>
    /// <param name="number">The suspension that it was about; null for none.</param>
    public static void Say(StoreCall call, string done, QueueChange outcome, long? number = null)
    {
        if (call.Output.IsJson)
        {
            call.Output.JsonObject(json =>
            {
                if (number is { } suspension)
                {
                    json.WriteNumber("suspension", suspension);
                }

                json.WriteNumber("changed", outcome.Changed);
                json.WriteNumber("pending", outcome.Pending);
                json.WriteNumber("leftAlone", outcome.LeftAlone);
            });
            return;
        }

        call.Output.Line(outcome.Changed == 1 ? $"1 delivery is {done}" : $"{outcome.Changed} deliveries are {done}");
        if (outcome.Pending > 0)
        {
            call.Output.Line($"{outcome.Pending} being attempted right now: {done} unless the attempt ends them");
        }

        if (outcome.LeftAlone > 0)
        {
            call.Output.Line($"{outcome.LeftAlone} left alone: being attempted now, or already ended");
        }
    }

    private static async Task<List<WaitingDelivery>> FindAsync(StoreCall call, DeliveryFilter filter, DeliveryOrder order, long limit)
    {
        List<WaitingDelivery> found = [];
        IReadOnlyList<WaitingDelivery> page;
        do
        {
            var size = (int)Math.Min(PageSize, limit - found.Count);
            page = await call.System.QueueControl.ListAsync(filter, order, found.LastOrDefault(), size, call.Cancel);
            found.AddRange(page);
        }
        while (page.Count > 0 && found.Count < limit);

        return found;
    }

    private static void SayIfMore(StoreCall call, bool isMore, int limit)
    {
        if (isMore)
        {
            call.Output.Line("");
            call.Output.Line($"more than {limit}: `--limit` shows the rest");
        }
    }

    private static void Write(Utf8JsonWriter json, Destination destination, DestinationName? hosts)
    {
        json.WriteString("domain", destination.Domain);
        json.WriteNumber("queued", destination.Queued);
        json.WriteNumber("deferred", destination.Deferred);
        json.WriteNumber("held", destination.Held);
        json.WriteString("oldest", destination.Oldest);
        WriteTime(json, "nextAttemptAt", destination.NextAttemptAt);
        json.WriteString("destination", hosts?.Value);
        json.WriteString("lastResult", destination.LastResult);
    }

    private static void Write(Utf8JsonWriter json, WaitingDelivery delivery)
    {
        json.WriteString("messageId", delivery.MessageId.Value);
        json.WriteNumber("ordinal", delivery.Ordinal);
        json.WriteString("recipient", delivery.Recipient);
        json.WriteString("state", SignetMetrics.Label(delivery.State));
        json.WriteString("acceptedAt", delivery.AcceptedAt);
        json.WriteNumber("attempts", delivery.Attempts);
        WriteTime(json, "nextAttemptAt", delivery.NextAttemptAt);
        json.WriteString("lastResult", delivery.LastResult);
        json.WriteString("claimedBy", delivery.ClaimedBy);
        json.WriteString("route", delivery.Route);
        SuspensionCommands.WriteNumber(json, "suspension", delivery.Suspension);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            json.WriteString(name, at);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string State(WaitingDelivery delivery) =>
        SuspensionCommands.State(delivery.State, delivery.Suspension) + (delivery.ClaimedBy is null ? "" : ", being attempted");

    public static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
