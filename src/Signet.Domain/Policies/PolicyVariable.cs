namespace Signet.Policies;

/// <summary>
/// A policy variable such as <c>${aws:username}</c>: a condition key with one value, or a fact about the caller. Names compare
/// without case, as those of keys do.
/// </summary>
/// <param name="Name">Without <c>${}</c>.</param>
/// <param name="Read">Its value in a request; null when the request has none.</param>
/// <param name="DependsOnAddress">Whether it may be another one for each address of a send that is asked about.</param>
internal sealed record PolicyVariable(string Name, Func<RequestContext, string?> Read, bool DependsOnAddress = false)
{
    private static readonly Dictionary<string, PolicyVariable> ByName =
        All().ToDictionary(v => v.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The variable of that name, or null. Users have no id but their name, so <c>aws:userid</c> is not supported.</summary>
    public static PolicyVariable? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<PolicyVariable> All() =>
    [
        new("aws:username", c => c.Request.Principal.UserName),
        new("aws:PrincipalAccount", c => c.Request.Principal.Account.Value),
        new("aws:PrincipalArn", c => c.Request.Principal.Arn),
        .. ConditionKey.All.Where(k => !k.IsMultiValued)
            .Select(k => new PolicyVariable(k.Name, c => c.Values(k) is [var value] ? value.Text : null, k.DependsOnAddress)),
    ];
}
