using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Signet.Queue;
using Signet.Telemetry;

namespace Signet.Server.Cli;

/// <summary><c>signet queue suspend/resume/suspensions</c>.</summary>
internal static class SuspensionCommands
{
    public static Command Suspend(CommandSurroundings surroundings)
    {
        var filter = new DeliveryFilterOptions(ofSuspension: true);
        var all = QueueCommands.AllOption();
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "why, for whoever looks at it later" };
        var command = new Command("suspend", "Hold deliveries, and those accepted later, until they are resumed");
        filter.AddTo(command);
        command.Options.Add(all);
        command.Options.Add(reason);
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var which = QueueCommands.Which(call.Parsed, command, filter, all);
            var total = await QueueCommands.TotalAsync(call, which);
            var result = await call.Output.ProgressAsync(
                "queue suspend", total,
                progress => call.System.Suspensions.SuspendAsync(
                    which, call.Parsed.GetValue(reason) ?? "", $"{Environment.UserName} (command)", progress, call.Cancel));
            if (result.Suspension is not { } suspension)
            {
                throw new CommandException(result.Refusal!);
            }

            if (!call.Output.IsJson)
            {
                call.Output.Line($"suspension {suspension.Number}: {Scope(suspension)}");
            }

            QueueCommands.Say(call, "held", result.Change, suspension.Number);
            return ExitCode.Done;
        }, takesAccount: false);
    }

    public static Command Resume(CommandSurroundings surroundings)
    {
        var number = new Argument<long?>("NUMBER") { Description = "of one suspension, as `signet queue suspensions` lists it", Arity = ArgumentArity.ZeroOrOne };
        var filter = new DeliveryFilterOptions(ofSuspension: true);
        var all = new Option<bool>("--all") { Description = "all suspensions", Arity = ArgumentArity.Zero };
        var command = new Command("resume", "End suspensions and deliver what they held");
        command.Arguments.Add(number);
        filter.AddTo(command);
        command.Options.Add(all);
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var scope = filter.Read(call.Parsed);
            var given = (call.Parsed.GetValue(number) is null ? 0 : 1) + (scope == DeliveryFilter.Everything ? 0 : 1) + (call.Parsed.GetValue(all) ? 1 : 0);
            if (given != 1)
            {
                throw new CommandException(
                    $"which suspension? `signet queue resume` takes its number, `--all`, or the same of {filter.Names} by which it was made", ExitCode.Usage);
            }

            var inForce = await call.System.Suspensions.ListAsync(call.Cancel);
            List<SuspensionStatus> meant =
            [
                .. inForce.Where(s => call.Parsed.GetValue(number) is { } one ? s.Suspension.Number == one
                    : call.Parsed.GetValue(all) || s.Suspension.Scope with { WithServerMail = true } == scope),
            ];
            if (meant.Count == 0 && !call.Parsed.GetValue(all))
            {
                throw new CommandException("there is no such suspension: `signet queue suspensions` lists them");
            }

            var change = default(QueueChange);
            foreach (var status in meant)
            {
                var one = await call.Output.ProgressAsync(
                    "queue resume", status.Held,
                    progress => call.System.Suspensions.ResumeAsync(status.Suspension.Number, progress, call.Cancel));
                change = new QueueChange(change.Changed + (one?.Changed ?? 0), change.LeftAlone + (one?.LeftAlone ?? 0));
            }

            if (!call.Output.IsJson)
            {
                call.Output.Line(meant.Count == 1 ? "1 suspension has ended" : $"{meant.Count} suspensions have ended");
            }

            QueueCommands.Say(call, "due now", change);
            return ExitCode.Done;
        }, takesAccount: false);
    }

    public static Command List(CommandSurroundings surroundings) => StoreCommand.Over(
        surroundings, new Command("suspensions", "List suspensions with scope, held deliveries, start, operator and reason"), async call =>
        {
            var all = await call.System.Suspensions.ListAsync(call.Cancel);
            if (call.Output.IsJson)
            {
                call.Output.JsonArray(all, Write);
            }
            else
            {
                call.Output.Table(
                    ["NUMBER", "SUSPENDED", "HELD", "SINCE", "BY", "REASON"],
                    all.Select(IReadOnlyList<string> (s) =>
                    [
                        s.Suspension.Number.ToString(CultureInfo.InvariantCulture), Scope(s.Suspension), Held(s), QueueCommands.Time(s.Suspension.Since),
                        s.Suspension.By, s.Suspension.Reason.Length > 0 ? s.Suspension.Reason : "-",
                    ]));
            }

            return ExitCode.Done;
        }, takesAccount: false);

    /// <summary>The state of a delivery, with the suspension that holds it.</summary>
    public static string State(DeliveryState state, long? suspension) =>
        suspension is not { } number ? SignetMetrics.Label(state)
        : state == DeliveryState.Held ? string.Create(CultureInfo.InvariantCulture, $"held by suspension {number}")
        : string.Create(CultureInfo.InvariantCulture, $"{SignetMetrics.Label(state)}, to be held by suspension {number}");

    public static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Scope(Suspension suspension) =>
        suspension.Scope.Account is { } account
            ? $"account {account}{(suspension.Scope with { Account = null, WithServerMail = true } == DeliveryFilter.Everything ? "" : $", {suspension.Scope}")}"
            : $"{suspension.Scope}";

    private static string Held(SuspensionStatus status) =>
        status.Held.ToString(CultureInfo.InvariantCulture) + (status.Held >= SuspensionStatus.MostCounted ? " or more" : "");

    private static void Write(Utf8JsonWriter json, SuspensionStatus status)
    {
        var (suspension, held) = status;
        json.WriteNumber("number", suspension.Number);
        json.WriteString("account", suspension.Scope.Account?.Value);
        json.WriteString("identity", suspension.Scope.Identity?.ToString());
        json.WriteString("domain", suspension.Scope.Domain?.Value);
        json.WriteString("destination", suspension.Scope.Destination?.Value);
        json.WriteNumber("held", held);
        json.WriteBoolean("heldIsMore", held >= SuspensionStatus.MostCounted);
        json.WriteString("since", suspension.Since);
        json.WriteString("by", suspension.By);
        json.WriteString("reason", suspension.Reason);
    }
}
