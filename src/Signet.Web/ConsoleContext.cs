using Signet.Web.Messages;
using Signet.Web.Shell;

namespace Signet.Web;

/// <summary>What the pages work with: the domain, which they read and change as the API does, by the same code, and what is the console's own.</summary>
/// <param name="Domain">The services of the domain.</param>
/// <param name="Facts">What the pages tell of the server.</param>
/// <param name="Acts">Told of everything that somebody changes.</param>
/// <param name="LeftSessions">The sessions that somebody signed out of; they end before their time.</param>
/// <param name="ContentTurns">Who reads a large content now.</param>
/// <param name="Stopping">Cancelled when the server begins to stop.</param>
public sealed record ConsoleContext(
    MailSystem Domain, ConsoleFacts Facts, ActLog Acts, LeftSessions LeftSessions, ContentTurns ContentTurns, CancellationToken Stopping);
