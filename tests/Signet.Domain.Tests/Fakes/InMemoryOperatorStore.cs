using Signet.Operators;

namespace Signet.Tests.Fakes;

/// <summary>Operators in dictionaries, each method one step under a lock.</summary>
public sealed class InMemoryOperatorStore : IOperatorStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (Operator Operator, string? Hash)> _operators = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Client), SignInTally> _tallies = [];

    public Task<Operator?> FindAsync(string name, CancellationToken cancel) =>
        Locked(() => _operators.TryGetValue(name, out var found) ? found.Operator : null);

    public Task<(Operator Operator, string Hash)?> FindWithPasswordAsync(string name, CancellationToken cancel) => Locked(() =>
        _operators.TryGetValue(name, out var found) && found.Hash is { } hash ? (found.Operator, hash) : ((Operator, string)?)null);

    public Task<IReadOnlyList<Operator>> ListAsync(CancellationToken cancel) => Locked(All);

    public Task<bool> AddAsync(Operator added, string? passwordHash, CancellationToken cancel) =>
        Locked(() => _operators.TryAdd(added.Name, (added, passwordHash)));

    public Task<OperatorOutcome<Operator>> ChangeAsync(
        string name,
        Func<Operator, IReadOnlyList<Operator>, OperatorOutcome<Operator>> change,
        string? passwordHash,
        CancellationToken cancel) => Locked(() =>
    {
        if (!_operators.TryGetValue(name, out var now))
        {
            return new OperatorProblem.NoSuchOperator(name);
        }

        var outcome = change(now.Operator, All());
        if (outcome is OperatorOutcome<Operator>.Done(var changed))
        {
            _operators[name] = (changed, passwordHash ?? now.Hash);
            foreach (var key in _tallies.Keys.Where(k => passwordHash is not null && k.Name == name).ToList())
            {
                _tallies[key] = SignInTally.None with { SucceededAt = _tallies[key].SucceededAt };
            }
        }

        return outcome;
    });

    public Task<OperatorOutcome<Operator>> DeleteAsync(
        string name, Func<Operator, IReadOnlyList<Operator>, OperatorProblem?> objection, CancellationToken cancel) =>
        Locked<OperatorOutcome<Operator>>(() =>
        {
            if (!_operators.TryGetValue(name, out var now))
            {
                return new OperatorProblem.NoSuchOperator(name);
            }

            if (objection(now.Operator, All()) is { } problem)
            {
                return problem;
            }

            _operators.Remove(name);
            foreach (var key in _tallies.Keys.Where(k => k.Name == name).ToList())
            {
                _tallies.Remove(key);
            }

            return new OperatorOutcome<Operator>.Done(now.Operator);
        });

    public Task<T> ChangeTalliesAsync<T>(
        string name,
        string client,
        DateTimeOffset now,
        Func<SignInTallies, (SignInTallies Tallies, T Result)> change,
        CancellationToken cancel) => Locked(() =>
    {
        var (tallies, result) = change(new SignInTallies(
            _tallies.GetValueOrDefault((name, client), SignInTally.None), _tallies.GetValueOrDefault((name, ""), SignInTally.None)));
        Put(name, client, tallies);
        foreach (var key in _tallies.Where(t => t.Value.ForgottenAt is not { } end || end <= now).Select(t => t.Key).ToList())
        {
            _tallies.Remove(key);
        }

        return result;
    });

    public Task<Operator?> RecordSignInAsync(SignIn signIn, CancellationToken cancel) => Locked(() =>
    {
        if (!_operators.TryGetValue(signIn.Name, out var found) || found.Operator.Stamp != signIn.Stamp)
        {
            return null;
        }

        if (signIn.Counted is var (client, tallies))
        {
            Put(signIn.Name, client, tallies);
        }

        var signedIn = found.Operator with { LastSignInAt = signIn.At };
        _operators[signIn.Name] = (signedIn, signIn.PasswordHash ?? found.Hash);
        return signedIn;
    });

    private IReadOnlyList<Operator> All() => [.. _operators.Values.Select(o => o.Operator)];

    private void Put(string name, string client, SignInTallies tallies)
    {
        _tallies[(name, client)] = tallies.Client;
        _tallies[(name, "")] = tallies.Strangers;
    }

    private Task<T> Locked<T>(Func<T> step)
    {
        lock (_lock)
        {
            return Task.FromResult(step());
        }
    }
}
