using Signet.Web.Messages;
using Signet.Web.Shell;

namespace Signet.Web;

/// <summary>The services of the pages: the domain, which they use by the same code as the API, and the console's own.</summary>
/// <param name="Domain">The services of the domain.</param>
/// <param name="Facts">What the pages tell of the server.</param>
/// <param name="Acts">Logs every change that somebody makes.</param>
/// <param name="LeftSessions">The sessions that somebody signed out of; they end before their time.</param>
/// <param name="ContentTurns">Who reads a large content now.</param>
/// <param name="Stopping">Cancelled when the server begins to stop.</param>
public sealed record ConsoleContext(
    MailSystem Domain, ConsoleFacts Facts, ActLog Acts, LeftSessions LeftSessions, ContentTurns ContentTurns, CancellationToken Stopping);
