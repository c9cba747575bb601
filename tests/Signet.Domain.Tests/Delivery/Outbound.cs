using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Delivery;
using Signet.Delivery.Destinations;
using Signet.Queue;
using Signet.Smtp;
using Signet.Tests.Fakes;

namespace Signet.Tests.Delivery;

/// <summary>The whole way out: window, worker, client, outcomes, against a server on loopback and a DNS of a few lines.</summary>
internal sealed class Outbound : IAsyncDisposable
{
    private readonly Node _node = new("node", TimeSpan.FromMinutes(5));
    private readonly OutcomeWriter _outcomes;
    private readonly Claims _claims;
    private readonly DeliveryWorker _worker;
    private readonly ClaimLoop _loop;
    private readonly RequestLoop _requests;
    private readonly ExpiryLoop _expiry;

    public Outbound(
        string route, int mxPort, string zone, FakeTimeProvider time, DestinationLimits? limits = null,
        Func<IPEndPoint, CancellationToken, Task<Stream>>? dial = null, int windowSize = 1_000,
        ILogger<ConnectionOpener>? log = null, Action? downgraded = null,
        SignMessage? sign = null,
        Func<DeliveryOptions, DeliveryOptions>? configure = null, FakeDns? dns = null, Func<IPAddress, bool>? allows = null,
        Func<IPEndPoint, IPAddress?, CancellationToken, Task<Stream>>? dialFrom = null, ILogger<DeliveryWorker>? workerLog = null,
        string receivers = "", X509Certificate2Collection? roots = null)
    {
        Time = time;
        Window = new ActiveQueue(windowSize);
        var hostname = DomainName.Parse("signet.test");
        var random = new Random(1);
        _outcomes = new OutcomeWriter(Queue, _node, time, NullLogger<OutcomeWriter>.Instance);
        Route[] routes = [.. route.Split(' ').Select(r => Route.TryParse(r, out var parsed) ? parsed : throw new FormatException(r))];
        var options = new DeliveryOptions
        {
            Routes = routes,
            Hosts = new HostFinder(
                new MxResolver(dns ?? new FakeDns(zone), hostname, allows ?? (_ => true), random), mxPort, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])),
            Connector = new ConnectionOpener(
                dialFrom ?? ((to, from, cancel) => dial?.Invoke(to, cancel) ?? ConnectionOpener.DialAsync(to, from, cancel)), hostname.Value, SmtpTimeouts.Default, time, log, downgraded, roots),
            Results = new ResultFactory(hostname.Value, time, random),
            Limits = limits ?? DestinationLimits.Default,
            Receivers = Receivers.Shipped.With(receivers),
            Sign = sign ?? ((_, _) => Task.FromResult(ReadOnlyMemory<byte>.Empty)),
            ReadContent = Queue.ReadContentAsync,
        };
        _claims = new Claims(Queue, _node, time, NullLogger<Claims>.Instance);
        _worker = new DeliveryWorker(
            Window, configure?.Invoke(options) ?? options, _outcomes, _claims, time, workerLog ?? NullLogger<DeliveryWorker>.Instance);
        _loop = new ClaimLoop(Queue, Window, _worker, _node, time, NullLogger<ClaimLoop>.Instance);
        _expiry = new ExpiryLoop(Queue, _worker, _node, time, NullLogger<ExpiryLoop>.Instance);
        _requests = new RequestLoop(Requests, _worker, _claims, _node, time, NullLogger<RequestLoop>.Instance);
    }

    public FakeTimeProvider Time { get; }

    public RecordingQueue Queue { get; } = new();

    /// <summary>What operators ask for.</summary>
    public RecordingRequests Requests { get; } = new();

    public ActiveQueue Window { get; }

    /// <summary>What the way out can use more of.</summary>
    public int RoomFor(string domain) => _worker.RoomFor(DomainName.Parse(domain));

    /// <summary>Likewise, for a lane with a target of its own.</summary>
    public int RoomForLane(string lane) => _worker.RoomFor(lane);

    /// <summary>Deliveries that wait or are on their way.</summary>
    public int InMemory => _worker.InHand.Count;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task StartAsync()
    {
        await _claims.StartAsync(Cancel);
        await _outcomes.StartAsync(Cancel);
        await _worker.StartAsync(Cancel);
    }

    public void Put(ClaimedMessage message)
    {
        Window.Reserve();
        Assert.True(Window.Add(message));
    }

    /// <summary>Takes what waits in the store.</summary>
    public Task FillAsync() => _loop.FillAsync(Cancel);

    /// <summary>Ends what is over, once.</summary>
    public Task<int> ExpireAsync() => _expiry.ExpireAsync(Cancel);

    /// <summary>The node was taken for dead.</summary>
    public void Forget() => _worker.Forget();

    /// <summary>Sees to what operators ask for, once.</summary>
    public Task LookAsync() => _requests.LookAsync(Cancel);

    /// <summary>Waits for as many results; once <paramref name="stalling"/> has ended, by letting time pass.</summary>
    public async Task WaitForResultsAsync(int count, Task? stalling = null)
    {
        for (var i = 0; i < count; i++)
        {
            var result = Queue.Writes.InTimeAsync($"result {i + 1} of {count}");
            if (stalling is not null)
            {
                await Task.WhenAny(result, stalling);
                await Eventually.TrueAsync(() => result.IsCompleted, () => Time.Advance(TimeSpan.FromSeconds(1)));
            }

            await result;
        }
    }

    /// <summary>Waits until the window has room for so many: a result is stored a moment before the room is given back.</summary>
    public Task RoomAsync(int messages) => Eventually.TrueAsync(() => Window.Room == messages);

    /// <summary>The results, as a case file has it.</summary>
    public string Told()
    {
        var text = new StringBuilder();
        foreach (var result in Queue.Results.OrderBy(s => s.Ordinal))
        {
            var attempt = result.Attempt!;
            text.AppendLine(CultureInfo.InvariantCulture, $"{result.Ordinal} {result.State}: {result.Result}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  attempt {attempt.Number} {attempt.Host} {attempt.Address} {attempt.Tls ?? "clear"} {attempt.Outcome}: {attempt.Reply}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  {result.Event?.Type} {result.Event?.Detail}");
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(Cancel);
        await _outcomes.StopAsync(Cancel);
        await _claims.StopAsync(Cancel);
        _requests.Dispose();
        _expiry.Dispose();
        _loop.Dispose();
        _worker.Dispose();
        _outcomes.Dispose();
        _claims.Dispose();
    }
}
