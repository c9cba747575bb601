using System.Globalization;
using System.Security.Claims;
using Signet.Names;
using Signet.Operators;

namespace Signet.Web.Shell;

/// <summary>
/// Who looks at the pages, and what they may see and do. Every page asks it, and so does everything that changes something
/// (<see cref="ObjectionAsync"/>): what a page does not show must not be done by calling it either.
/// </summary>
/// <param name="Name">As the operator is called.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Account">The one account whose things they see; null for all.</param>
public sealed record Viewer(string Name, OperatorRole Role, AccountId? Account)
{
    public const string RoleClaim = "signet:role";
    public const string AccountClaim = "signet:account";
    public const string StampClaim = "signet:stamp";
    public const string SessionClaim = "signet:session";
    public const string EndClaim = "signet:end";

    /// <summary>How they signed in; null in dev, where nobody does.</summary>
    public Session? Session { get; init; }

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
    /// Why something must not be changed, in one sentence: the viewer may not, or the session has ended while the page was open. Null when
    /// nothing is against it. Pages look for the end only every few seconds, which is long enough to make a key or to send a message.
    /// </summary>
    /// <param name="may">Whether somebody like the viewer may do it.</param>
    /// <param name="refusal">The sentence if not.</param>
    /// <param name="console">What knows of ended sessions.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<string?> ObjectionAsync(bool may, string refusal, ConsoleContext console, CancellationToken cancel) =>
        !may ? refusal
        : Session is null || await Session.IsGoodAsync(Name, console, cancel) ? null
        : "your session has ended";

    /// <exception cref="InvalidOperationException">Nobody has signed in; the gate lets nobody through so.</exception>
    public static Viewer Of(ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true, Name: { } name }
            ? new Viewer(
                name,
                Enum.Parse<OperatorRole>(principal.FindFirstValue(RoleClaim) ?? throw new InvalidOperationException("a session has no role")),
                AccountId.TryParse(principal.FindFirstValue(AccountClaim), out var account) ? account : null)
            {
                Session = SessionOf(principal),
            }
            : throw new InvalidOperationException("nobody has signed in");

    /// <summary>The claims that <see cref="Of"/> reads.</summary>
    public IEnumerable<Claim> Claims =>
    [
        new(ClaimTypes.Name, Name),
        new(RoleClaim, $"{Role}"),
        .. Account is { } account ? [new Claim(AccountClaim, account.Value)] : Array.Empty<Claim>(),
        .. Session is { } session
            ? [
                new Claim(StampClaim, session.Stamp), new Claim(SessionClaim, session.Id),
                new Claim(EndClaim, session.Ends.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ]
            : Array.Empty<Claim>(),
    ];

    private static Session? SessionOf(ClaimsPrincipal principal) =>
        principal.FindFirstValue(StampClaim) is { } stamp && principal.FindFirstValue(SessionClaim) is { } id
        && long.TryParse(principal.FindFirstValue(EndClaim), CultureInfo.InvariantCulture, out var end)
            ? new Session(id, stamp, DateTimeOffset.FromUnixTimeSeconds(end))
            : null;
}
