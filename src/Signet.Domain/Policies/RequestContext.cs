using System.Net;

namespace Signet.Policies;

/// <summary>
/// A request with what comparing needs of it, each made once and only when asked for: the values that conditions look at as text, and
/// patterns with their variables filled in. Not thread-safe.
/// </summary>
internal sealed class RequestContext(PolicyRequest request, EvaluationBudget budget)
{
    private const int StepsToCompile = 10;

    private readonly RequestText[]?[] _values = new RequestText[]?[ConditionKey.All.Length];
    private Dictionary<TextPattern, TextPattern>? _compiled;
    private uint _known;

    public PolicyRequest Request { get; } = request;

    /// <summary>In lower case, as actions compare.</summary>
    public RequestText Action { get; } = RequestText.Of(request.Action.ToLowerInvariant());

    /// <summary>Which of <see cref="PolicyDocument.SendActions"/> it is; -1 for another.</summary>
    public int SendAction { get; } = PolicyDocument.IndexOfSendAction(request.Action);

    public RequestText Resource { get; } = RequestText.OfResource(request.Resource);

    /// <summary>Whole seconds: <c>aws:CurrentTime</c> and <c>aws:EpochTime</c> are the same moment.</summary>
    public DateTimeOffset Time { get; } = DateTimeOffset.FromUnixTimeSeconds(request.Time.ToUnixTimeSeconds());

    /// <summary>The caller's address; an IPv4 address that came in over an IPv6 socket is the IPv4 address.</summary>
    public IPAddress? SourceIp { get; } =
        request.SourceIp is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : request.SourceIp;

    /// <inheritdoc cref="EvaluationBudget.IsSpent"/>
    public bool IsSpent => budget.IsSpent;

    /// <inheritdoc cref="EvaluationBudget.TrySpend"/>
    public bool TrySpend(int steps) => budget.TrySpend(steps);

    /// <summary>The values of the key: null when the request does not have it, perhaps none at all when it may have several.</summary>
    public RequestText[]? Values(ConditionKey key)
    {
        var bit = 1u << key.Index;
        if ((_known & bit) == 0)
        {
            _values[key.Index] = key.Read(this);
            _known |= bit;
        }

        return _values[key.Index];
    }

    /// <summary>The pattern with the request's values for its variables.</summary>
    public TextPattern Compiled(TextPattern pattern)
    {
        var known = pattern.DependsOnAddress ? _compiled ??= [] : budget.Compiled;
        if (!known.TryGetValue(pattern, out var compiled))
        {
            budget.Compilations++;
            compiled = pattern.Compile(this);
            budget.TrySpend(StepsToCompile + (compiled.Length / 8));
            known.Add(pattern, compiled);
        }

        return compiled;
    }
}
