using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Signet.Addresses;

namespace Signet.Policies;

/// <summary>
/// A decision cut to so many bytes of JSON, for what is kept or served of it. Every address that was checked comes first, those
/// that failed before the others; then the statement that decided about each; then the other statements, as long as there is room. What is
/// left out is counted (<see cref="SendDecision.LeftOut"/>, <see cref="Decision.LeftOut"/>). What telling costs is bounded as well.
/// </summary>
public sealed class BoundedDecision
{
    /// <summary>Bytes of a decision that are kept with a message or a refusal.</summary>
    public const int Kept = 16 * 1024;

    /// <summary>Bytes of a decision that somebody asked for, to be looked at and forgotten.</summary>
    public const int Shown = 256 * 1024;

    private const int MaxValues = 10;

    // Decisions with this few statements and values are written in full to see whether they fit, as nearly all do.
    private const int Few = 100;

    // A condition with more values than that is not written out to be measured.
    private const int ManyValues = 100;

    private readonly EvaluationBudget _budget;
    private readonly int _maxText;
    private readonly int _maxStatement;
    private int _room;

    private BoundedDecision(int maxBytes, int maxStatement, EvaluationBudget budget)
    {
        _room = maxBytes;
        _budget = budget;
        _maxText = Math.Min(Excerpt.MaxProblem, maxBytes / 6);
        _maxStatement = maxStatement;
    }

    /// <summary>The decision, with what the bound leaves of its explanation.</summary>
    /// <param name="decision">A decision, or one that was cut already.</param>
    /// <param name="maxBytes">How long its JSON (<see cref="DecisionJson"/>) may become; a thousand at least.</param>
    /// <param name="budget">What telling may cost; null for what deciding about one send may.</param>
    public static SendDecision Of(SendDecision decision, int maxBytes, EvaluationBudget? budget = null) =>
        IsShort(decision) && Size(decision, DecisionJsonContext.Default.SendDecision) <= maxBytes
            ? decision
            : new BoundedDecision(maxBytes, maxBytes / 8, budget ?? new EvaluationBudget()).Cut(decision);

    /// <summary>The decision without what can be explained later: of policies whose versions are known, only the statement that decided.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    internal static SendDecision Brief(SendDecision decision, int maxBytes) =>
        new BoundedDecision(maxBytes, maxBytes / 16, new EvaluationBudget()).Cut(decision, isBrief: true);

    /// <summary>
    /// The same as <see cref="Brief"/> for the usual, short decision: measuring it piece by piece would cost more than deciding did. Null when a
    /// statement has to be shortened.
    /// </summary>
    internal static SendDecision? BriefIfShort(SendDecision decision, int maxBytes)
    {
        var (budget, fits) = (new EvaluationBudget(), true);
        var checks = decision.Checks.Select(c => c with
        {
            OwnerPolicies = Decisive(c.OwnerPolicies),
            AddressPolicies = Decisive(c.AddressPolicies),
            CallerPolicies = Decisive(c.CallerPolicies),
        }).ToList();
        return fits ? decision with { Checks = checks } : null;

        Decision? Decisive(Decision? policies)
        {
            if (policies?.Asked is null)
            {
                return policies;
            }

            var decisive = policies.TellDecisive(budget);
            fits = fits && (decisive is null
                || (decisive.Conditions.All(c => c.PolicyValues.Count <= ManyValues) && Size(decisive, DecisionJsonContext.Default.StatementTrace) <= maxBytes / 16));
            return new Decision(policies.Outcome, decisive is null ? [] : [decisive], policies.Count - (decisive is null ? 0 : 1))
            {
                Asked = policies.Asked,
                Missing = policies.Missing,
            };
        }
    }

    /// <summary>Whether to write the decision in full to see whether it fits.</summary>
    internal static bool IsShort(SendDecision decision) =>
        Untold(decision.Checks, c => c.OwnerPolicies) + Untold(decision.Checks, c => c.AddressPolicies) + Untold(decision.Checks, c => c.CallerPolicies) <= Few;

    private static int Untold(IReadOnlyList<AddressCheck> checks, Func<AddressCheck, Decision?> policies) =>
        checks.Sum(c => policies(c)?.Untold ?? 0);

    private SendDecision Cut(SendDecision decision, bool isBrief = false)
    {
        var whole = decision with { Reason = Short(decision.Reason), Checks = [], LeftOut = int.MaxValue };
        _room -= Size(whole, DecisionJsonContext.Default.SendDecision);
        var kept = Checks(decision.Checks);
        var told = kept.ConvertAll(c => new ToldCheck(c.Check, _budget));
        foreach (var policies in told.SelectMany(t => t.Policies))
        {
            policies.TellNext(Fitting, onlyDecisive: true);
        }

        foreach (var policies in told.SelectMany(t => t.Policies).Where(p => !(isBrief && p.CanBeExplainedLater)))
        {
            while (policies.TellNext(Fitting, onlyDecisive: false))
            {
            }
        }

        return whole with
        {
            Checks = [.. told.Zip(kept).OrderBy(c => c.Second.Number).Select(c => c.First.Result)],
            LeftOut = decision.LeftOut + decision.Checks.Count - kept.Count,
        };
    }

    /// <summary>As many as fit into three quarters of the room, without what policies say: that gets the rest.</summary>
    private List<(int Number, AddressCheck Check)> Checks(IReadOnlyList<AddressCheck> checks)
    {
        var reserved = _room / 4;
        _room -= reserved;
        List<(int, AddressCheck)> kept = [];
        foreach (var (number, check) in checks.Index().OrderBy(c => c.Item.Outcome == CheckOutcome.Allowed))
        {
            var cut = check with
            {
                Address = ShortAddress(check.Address),
                Reason = Short(check.Reason),
                Identity = check.Identity is { } identity ? Short(identity) : null,
                OwnerPolicies = Untold(check.OwnerPolicies),
                AddressPolicies = Untold(check.AddressPolicies),
                CallerPolicies = Untold(check.CallerPolicies),
            };
            var size = Size(cut, DecisionJsonContext.Default.AddressCheck);
            if (size > _room)
            {
                break;
            }

            _room -= size;
            kept.Add((number, cut with
            {
                OwnerPolicies = check.OwnerPolicies,
                AddressPolicies = check.AddressPolicies,
                CallerPolicies = check.CallerPolicies,
            }));
        }

        _room += reserved;
        return kept;
    }

    private static Decision? Untold(Decision? decision) =>
        decision is null ? null : new Decision(decision.Outcome, [], int.MaxValue) { Missing = decision.Missing };

    /// <summary>The statement, shortened if need be, when there is room for it, which it then takes; else null.</summary>
    private StatementTrace? Fitting(StatementTrace statement)
    {
        var isLong = statement.Conditions.Any(c => c.PolicyValues.Count > ManyValues)
            || Size(statement, DecisionJsonContext.Default.StatementTrace) > _maxStatement;
        statement = isLong ? Shortened(statement) : statement;
        var size = Size(statement, DecisionJsonContext.Default.StatementTrace);
        if (size > _room)
        {
            return null;
        }

        _room -= size;
        return statement;
    }

    private StatementTrace Shortened(StatementTrace statement)
    {
        var shortened = statement with { Sid = statement.Sid is { } sid ? Short(sid) : null, Conditions = [] };
        var left = _maxStatement - Size(shortened, DecisionJsonContext.Default.StatementTrace);
        List<ConditionTrace> conditions = [];
        foreach (var condition in statement.Conditions.Select(Shortened))
        {
            // One condition with many recipients must not take the others with it.
            var size = Size(condition, DecisionJsonContext.Default.ConditionTrace);
            if (size <= left)
            {
                left -= size;
                conditions.Add(condition);
            }
        }

        return shortened with { Conditions = conditions, ConditionsLeftOut = statement.Conditions.Count - conditions.Count };
    }

    private ConditionTrace Shortened(ConditionTrace condition)
    {
        var left = Math.Max(0, condition.PolicyValues.Count - MaxValues) + Math.Max(0, (condition.RequestValues?.Count ?? 0) - MaxValues);
        return condition with
        {
            PolicyValues = [.. condition.PolicyValues.Take(MaxValues).Select(Short)],
            RequestValues = condition.RequestValues is { } values ? [.. values.Take(MaxValues).Select(Short)] : null,
            ValuesLeftOut = condition.ValuesLeftOut + left,
        };
    }

    // What is kept has addresses whole: the sender's is looked at again when the message leaves.
    private string ShortAddress(string address) =>
        JavaScriptEncoder.Default.Encode(address).Length > 2 * _maxText ? Short(address) : address;

    // What JSON makes of a text may be six times as long.
    private string Short(string text)
    {
        var shortened = Excerpt.Of(text, _maxText);
        for (var max = _maxText; JavaScriptEncoder.Default.Encode(shortened).Length > _maxText; max = max * 3 / 4)
        {
            shortened = Excerpt.Of(text, max);
        }

        return shortened;
    }

    // With the comma that follows.
    private static int Size<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type).Length + 1;

    /// <summary>A check whose policies are added piece by piece.</summary>
    private sealed class ToldCheck(AddressCheck check, EvaluationBudget budget)
    {
        private readonly ToldPolicies? _owner = ToldPolicies.Of(check.OwnerPolicies, budget);
        private readonly ToldPolicies? _address = ToldPolicies.Of(check.AddressPolicies, budget);
        private readonly ToldPolicies? _caller = ToldPolicies.Of(check.CallerPolicies, budget);

        public IEnumerable<ToldPolicies> Policies => new[] { _owner, _address, _caller }.OfType<ToldPolicies>();

        public AddressCheck Result => check with
        {
            OwnerPolicies = _owner?.Result,
            AddressPolicies = _address?.Result,
            CallerPolicies = _caller?.Result,
        };
    }

    /// <summary>A decision to which statements are added one by one.</summary>
    private sealed class ToldPolicies(Decision decision, IEnumerator<(int Number, StatementTrace Trace)> statements)
    {
        private readonly SortedList<int, StatementTrace> _told = [];
        private bool _ended;

        /// <summary>In the order in which they were asked.</summary>
        public Decision Result => new(decision.Outcome, [.. _told.Values], decision.Count - _told.Count)
        {
            Asked = decision.Asked,
            Missing = decision.Missing,
        };

        public bool CanBeExplainedLater => decision.Asked is not null;

        public static ToldPolicies? Of(Decision? decision, EvaluationBudget budget) =>
            decision is null ? null : new ToldPolicies(decision, decision.Tell(budget).GetEnumerator());

        /// <summary>Adds one more; false if there is none, or no room for it.</summary>
        public bool TellNext(Func<StatementTrace, StatementTrace?> fitting, bool onlyDecisive)
        {
            if (_ended || (onlyDecisive && decision.DecidedBy is null))
            {
                return false;
            }

            if (!statements.MoveNext() || fitting(statements.Current.Trace) is not { } told)
            {
                _ended = true;
                return false;
            }

            _told.Add(statements.Current.Number, told);
            return true;
        }
    }
}
