using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Signet.Console.Shell;
using Signet.Operators;

namespace Signet.Console.SignIn;

/// <summary>
/// What a session holds: who signed in, with the stamp of that moment, and when it ends. It is over when its time is, or as soon as the
/// operator's stamp is another: after a change of password, role or account, or a sign-out everywhere.
/// </summary>
internal static class Sessions
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>A working day. It does not grow by use.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromHours(12);

    private const string Pages = ConsoleHost.Path + "/";

    // Some browsers and proxies take no header that is much longer.
    private const int MaxTarget = 2_000;

    private const string EndClaim = "signet:end";
    private const string IdClaim = "signet:session";

    public static ClaimsPrincipal Of(Operator person, DateTimeOffset now) => new(new ClaimsIdentity(
        [
            .. new Viewer(person.Name, person.Role, person.Account) { Stamp = person.Stamp }.Claims,
            new Claim(IdClaim, RandomNumberGenerator.GetHexString(32, lowercase: true)),
            new Claim(EndClaim, (now + Length).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ],
        Scheme));

    /// <summary>What tells one session from another of the same operator; null if it is none of ours.</summary>
    public static string? Id(ClaimsPrincipal session) => session.FindFirstValue(IdClaim);

    /// <summary>Whether the session is good by its time and by the operator's stamp.</summary>
    public static async Task<bool> IsGoodAsync(ClaimsPrincipal session, OperatorRegistry operators, DateTimeOffset now, CancellationToken cancel) =>
        session.Identity is { IsAuthenticated: true, Name: { } name }
        && session.FindFirstValue(Viewer.StampClaim) is { } stamp
        && long.TryParse(session.FindFirstValue(EndClaim), CultureInfo.InvariantCulture, out var end)
        && now.ToUnixTimeSeconds() < end
        && await operators.FindOfSessionAsync(name, stamp, cancel) is not null;

    public static Task BeginAsync(HttpContext context, Operator person, DateTimeOffset now) =>
        context.SignInAsync(Scheme, Of(person, now), new AuthenticationProperties { ExpiresUtc = now + Length, IsPersistent = false });

    /// <summary>The way to the page that asks who it is.</summary>
    /// <param name="problem">Why one is there, see <c>SignInPage</c>.</param>
    /// <param name="wanted">Where to go afterwards, see <see cref="Target"/>.</param>
    public static string Way(string problem, string? wanted) =>
        $"{ConsoleHost.Path}/sign-in?problem={problem}&return={Uri.EscapeDataString(Target(wanted))}";

    /// <summary>
    /// Where to go after signing in: what was asked for, if it is a page of the console; else the first page. Escaped as addresses are, for
    /// a header takes nothing but ASCII.
    /// </summary>
    public static string Target(string? wanted) =>
        wanted is { Length: <= MaxTarget } && wanted.StartsWith(Pages, StringComparison.Ordinal)
        && !wanted.Contains('\\', StringComparison.Ordinal) && !wanted.Any(char.IsControl)
        && Uri.TryCreate($"http://console.invalid{wanted}", UriKind.Absolute, out var address)
        && address.AbsolutePath.StartsWith(Pages, StringComparison.Ordinal)
        && address.PathAndQuery + address.Fragment is { Length: <= MaxTarget } target
            ? target
            : $"{ConsoleHost.Path}/messages";
}
