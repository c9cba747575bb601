using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Signet.Addresses;
using Signet.Dns;

namespace Signet.Preflight;

/// <summary>
/// Asks the web addresses of a message whether they answer: the header of the answer, never its body. Bounded in number, time and
/// redirects. What an address does when it is asked, it does: a link that unsubscribes on a mere GET unsubscribes.
/// </summary>
/// <param name="dns">How hosts are found.</param>
/// <param name="allows">
/// Which addresses may be connected to, asked of the very address that is. <see cref="PublicAddresses.Contains"/> unless the operator
/// says otherwise, so that a stranger's message cannot probe our network.
/// </param>
/// <param name="clock">For the time given to each link.</param>
public sealed class LinkProbe(IDnsLookup dns, Func<IPAddress, bool> allows, TimeProvider clock)
{
    /// <summary>Links beyond this are not asked.</summary>
    public const int MaxLinks = 50;

    private const int MaxRedirects = 5;
    private const int AtATime = 4;

    private static readonly TimeSpan TimePerLink = TimeSpan.FromSeconds(10);

    /// <summary>Asks those of the links that are web addresses, each once. Answers come in the order of the links.</summary>
    public async Task<IReadOnlyList<LinkAnswer>> AskAsync(IReadOnlyList<MessageLink> links, CancellationToken cancel)
    {
        List<MessageLink> asked = [.. links.Where(l => l.Web is not null).DistinctBy(l => l.Web!.AbsoluteUri).Take(MaxLinks)];
        var answers = new LinkAnswer[asked.Count];
        using var client = NewClient();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, asked.Count, parallel, async (i, stop) => answers[i] = await AskAsync(client, asked[i], stop));
        return answers;
    }

    private async Task<LinkAnswer> AskAsync(HttpClient client, MessageLink link, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(TimePerLink, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        List<Uri> redirects = [];
        try
        {
            return await FollowAsync(client, link, redirects, both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Failed(
                link, redirects, Severity.Problem, "No answer",
                string.Create(CultureInfo.InvariantCulture, $"There was no answer within {TimePerLink.TotalSeconds:0} seconds."));
        }
        catch (HttpRequestException e) when (e.InnerException is ForbiddenAddressException forbidden)
        {
            return Failed(link, redirects, Severity.Hint, "Not asked", forbidden.Message);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            return Failed(
                link, redirects, Severity.Problem, "Certificate not valid", $"Browsers will warn of this page: {e.InnerException.Message}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return Failed(link, redirects, Severity.Problem, "No connection", (e.InnerException ?? e).Message);
        }
    }

    private static async Task<LinkAnswer> FollowAsync(HttpClient client, MessageLink link, List<Uri> redirects, CancellationToken cancel)
    {
        for (var at = link.Web!; ; redirects.Add(at))
        {
            var (status, location) = await AskOnceAsync(client, at, cancel);
            if (location is null)
            {
                return new LinkAnswer(link, status, redirects, Judge(status, redirects));
            }

            if (LinkRules.ToWeb(location) is null)
            {
                return Failed(
                    link, redirects, Severity.Problem, "Redirected out of the web", $"It leads on to {Finding.Quote(location.OriginalString)}.", status);
            }

            if (redirects.Count == MaxRedirects)
            {
                return Failed(
                    link, redirects, Severity.Warning, "Too many redirects", $"It is redirected more than {MaxRedirects} times.", status);
            }

            at = location;
        }
    }

    private static async Task<(int Status, Uri? Location)> AskOnceAsync(HttpClient client, Uri address, CancellationToken cancel)
    {
        using var head = await SendAsync(client, HttpMethod.Head, address, cancel);
        if (head.StatusCode is not (HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented))
        {
            return Read(head, address);
        }

        using var get = await SendAsync(client, HttpMethod.Get, address, cancel);
        return Read(get, address);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, Uri address, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, address);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private static (int Status, Uri? Location) Read(HttpResponseMessage response, Uri address) =>
        ((int)response.StatusCode,
            (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
                && response.Headers.Location is { } location && Uri.TryCreate(address, location, out var target)
                ? target
                : null);

    private static Finding Judge(int status, List<Uri> redirects) => status switch
    {
        >= 200 and < 300 when redirects is [] => new Finding(Severity.Good, "Answers", $"The status is {status}."),
        >= 200 and < 300 => new Finding(Severity.Good, "Answers", $"The status is {status}, after a redirect to {Finding.Quote($"{redirects[^1]}")}."),
        401 or 403 or 429 or 999 => new Finding(
            Severity.Hint, "Refuses to say", $"The status is {status}; it may answer a browser all the same."),
        404 or 410 => new Finding(Severity.Problem, "Page not found", $"The status is {status}."),
        >= 500 => new Finding(Severity.Problem, "Server fails", $"The status is {status}."),
        _ => new Finding(Severity.Warning, "Unexpected answer", $"The status is {status}."),
    };

    private static LinkAnswer Failed(
        MessageLink link, List<Uri> redirects, Severity severity, string title, string detail, int? status = null) =>
        new(link, status, redirects, new Finding(severity, title, detail));

    private HttpClient NewClient()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,

            // A proxy would connect for us, to where we may not.
            UseProxy = false,
            MaxResponseHeadersLength = 64,
            ConnectCallback = async (context, cancel) => await ConnectAsync(context.DnsEndPoint, cancel),
        };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Signet/1.0 (link check)");
        return client;
    }

    private async Task<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancel)
    {
        IPAddress[] addresses = IPAddress.TryParse(target.Host.Trim('[', ']'), out var literal)
            ? [literal]
            : await FindAsync(target.Host, cancel);
        IPAddress[] allowed = [.. addresses.Where(allows)];
        if (allowed.Length == 0)
        {
            throw new ForbiddenAddressException($"`{target.Host}` is at `{addresses[0]}`, an address that this server may not connect to.");
        }

        for (var i = 0; ; i++)
        {
            var socket = new Socket(allowed[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(allowed[i], target.Port), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i + 1 < allowed.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task<IPAddress[]> FindAsync(string host, CancellationToken cancel)
    {
        if (!DomainName.TryParse(host.TrimEnd('.'), out var name))
        {
            throw new IOException($"`{host}` is no host name");
        }

        return await dns.FindAddressesAsync(name, cancel) switch
        {
            DnsAnswer<IPAddress>.Found found => [.. found.Values],
            DnsAnswer<IPAddress>.Failed failed => throw new IOException($"the address of `{host}` cannot be found out: {failed.Reason}"),
            _ => throw new IOException($"there is no host `{host}`"),
        };
    }

    private sealed class ForbiddenAddressException(string message) : IOException(message);
}

/// <summary>What one link answered.</summary>
/// <param name="Link">The link.</param>
/// <param name="Status">The HTTP status, of the last redirect if there were some; null if there was no answer.</param>
/// <param name="Redirects">Where it led on to, in order.</param>
/// <param name="Finding">What to make of it.</param>
public sealed record LinkAnswer(MessageLink Link, int? Status, IReadOnlyList<Uri> Redirects, Finding Finding);
