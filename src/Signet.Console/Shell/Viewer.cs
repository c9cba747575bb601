using System.Security.Claims;
using Signet.Names;
using Signet.Operators;

namespace Signet.Console.Shell;

/// <summary>
/// Who looks at the pages, and what they may see and do. Every page asks it, and so does everything that changes something: what a page
/// does not show must not be done by calling it either.
/// </summary>
/// <param name="Name">As the operator is called.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Account">The one account whose things they see; null for all.</param>
public sealed record Viewer(string Name, OperatorRole Role, AccountId? Account)
{
    public const string RoleClaim = "signet:role";
    public const string AccountClaim = "signet:account";
    public const string StampClaim = "signet:stamp";

    /// <summary>The operator's stamp when the session began; null in dev, where nobody signs in.</summary>
    public string? Stamp { get; init; }

    /// <summary>Hold, retry, drop, release, delete, change policies and identities.</summary>
    public bool MayOperate => Role >= OperatorRole.Operate;

    /// <summary>Accounts, users, keys, operators.</summary>
    public bool MayAdminister => Role >= OperatorRole.Administer;

    public bool Sees(AccountId account) => Account is null || Account == account;

    /// <summary>As the other, for a message's owner; null is mail of the server itself, which no account owns.</summary>
    public bool Sees(AccountRegion? owner) => owner is { } scope ? Sees(scope.Account) : SeesServerMail;

    /// <summary>Only administrators of the whole server see that the server sent mail of its own.</summary>
    public bool SeesServerMail => Account is null && MayAdminister;

    /// <summary>What a search is narrowed to: the account asked for if it may be seen, else the viewer's own.</summary>
    public AccountId? Narrow(AccountId? wanted) => Account ?? wanted;

    /// <summary>
    /// Why what lets others in must not be done: the session has ended while the page was open. Null while it is good. Pages look only
    /// every few seconds, which is long enough to make an operator or a key.
    /// </summary>
    public async Task<string?> EndedAsync(OperatorRegistry operators, CancellationToken cancel) =>
        Stamp is { } stamp && await operators.FindOfSessionAsync(Name, stamp, cancel) is null ? "your session has ended" : null;

    /// <exception cref="InvalidOperationException">Nobody has signed in; the gate lets nobody through so.</exception>
    public static Viewer Of(ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true, Name: { } name }
            ? new Viewer(
                name,
                Enum.Parse<OperatorRole>(principal.FindFirstValue(RoleClaim) ?? throw new InvalidOperationException("a session has no role")),
                AccountId.TryParse(principal.FindFirstValue(AccountClaim), out var account) ? account : null)
            {
                Stamp = principal.FindFirstValue(StampClaim),
            }
            : throw new InvalidOperationException("nobody has signed in");

    /// <summary>The claims that <see cref="Of"/> reads.</summary>
    public IEnumerable<Claim> Claims =>
    [
        new(ClaimTypes.Name, Name),
        new(RoleClaim, $"{Role}"),
        .. Account is { } account ? [new Claim(AccountClaim, account.Value)] : Array.Empty<Claim>(),
        .. Stamp is { } stamp ? [new Claim(StampClaim, stamp)] : Array.Empty<Claim>(),
    ];
}
