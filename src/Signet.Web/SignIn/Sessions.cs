using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Signet.Operators;
using Signet.Web.Shell;

namespace Signet.Web.SignIn;

/// <summary>Sessions as cookies hold them, see <see cref="Session"/>; where signing in leads to.</summary>
internal static class Sessions
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    private const string Pages = ConsoleHost.Path + "/";

    /// <summary>A working day. It does not grow by use.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromHours(12);

    // Some browsers and proxies take no header that is much longer.
    private const int MaxTarget = 2_000;

    public static ClaimsPrincipal Of(Operator person, DateTimeOffset now) => new(new ClaimsIdentity(
        new Viewer(person.Name, person.Role, person.Account)
        {
            Session = new Session(RandomNumberGenerator.GetHexString(32, lowercase: true), person.Stamp, now + Length),
        }.Claims,
        Scheme));

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
