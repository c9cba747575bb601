using System.Net;
using Microsoft.Extensions.Logging;
using Signet.Display;
using Signet.Names;

namespace Signet.Web.Shell;

/// <summary>
/// The log of what people do in the console: a line for each change that they make or are refused, and one for each sign-in. Never what
/// they typed into a field for a secret, nor the text of a policy or a message.
/// </summary>
public sealed class ActLog(ILogger<ActLog> logger)
{
    /// <summary>The outcome of an act that a failing store ends early.</summary>
    public const string StoreFailed = "stopped because the store failed; changes already made are kept";

    private const string None = "none";

    /// <summary>Writes the line of a change.</summary>
    /// <param name="by">Who makes it.</param>
    /// <param name="act">A word that stays, <c>queue-hold</c>; docs/log.md lists them.</param>
    /// <param name="on">What is changed, by its name.</param>
    /// <param name="account">Whose it is; null for what is no one account's.</param>
    /// <param name="refusal">Why it was not made; null when it was.</param>
    /// <param name="outcome">What came of it, if that is more than "done".</param>
    public void Write(Viewer by, string act, string on, AccountId? account, string? refusal, string outcome = "done")
    {
        var (target, whose) = (VisibleText.Cut(on, ViewLimits.Name), account?.Value ?? "all");
        if (refusal is null)
        {
            Log.Done(logger, by.Name, act, target, whose, outcome);
        }
        else
        {
            Log.Refused(logger, by.Name, act, target, whose, VisibleText.Cut(refusal, ViewLimits.Name));
        }
    }

    /// <summary>Writes the line of a sign-in.</summary>
    public void SignedIn(string name, string method, IPAddress? client) => Log.SignedIn(logger, name, method, Text(client));

    /// <summary>Writes the line of a sign-in that was refused.</summary>
    /// <param name="name">An operator's, or the one that a provider gave; null for a name that nobody has: it may be a password in the wrong field.</param>
    /// <param name="method"><see cref="Password"/> or <see cref="OpenIdConnect"/>.</param>
    /// <param name="client">Where it came from.</param>
    /// <param name="why">One sentence.</param>
    public void SignInRefused(string? name, string method, IPAddress? client, string why) =>
        Log.SignInRefused(logger, name is null ? "unknown" : VisibleText.Cut(name, ViewLimits.Name), method, Text(client), VisibleText.Cut(why, ViewLimits.Name));

    public const string Password = "password";
    public const string OpenIdConnect = "openid-connect";

    private static string Text(IPAddress? client) =>
        client is null ? None : $"{(client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client)}";
}
