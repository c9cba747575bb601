using System.Globalization;
using System.Net;
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

/// <summary>The whole way out: window, worker, client, settler, against a server on loopback and a DNS of a few lines.</summary>
internal sealed class Outbound : IAsyncDisposable
{
    private readonly Node _node = new("node", TimeSpan.FromMinutes(5));
    private readonly Settler _settler;
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
        string receivers = "")
    {
        Time = time;
        Window = new DeliveryWindow(windowSize);
        var hostname = DomainName.Parse("signet.test");
        var random = new Random(1);
        _settler = new Settler(Queue, _node, time, NullLogger<Settler>.Instance);
        Assert.True(Route.TryParse(route, out var parsed));
        var options = new DeliveryOptions
        {
            Routes = [parsed],
            Hosts = new HostFinder(
                new MxResolver(dns ?? new FakeDns(zone), hostname, allows ?? (_ => true), random), mxPort, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])),
            Connector = new ConnectionOpener(
                dialFrom ?? ((to, from, cancel) => dial?.Invoke(to, cancel) ?? ConnectionOpener.DialAsync(to, from, cancel)), hostname.Value, SmtpTimeouts.Default, time, log, downgraded),
            Results = new Results(hostname.Value, time, random),
            Limits = limits ?? DestinationLimits.Default,
            Receivers = Receivers.Shipped.With(receivers),
            Sign = sign ?? ((_, _) => Task.FromResult(ReadOnlyMemory<byte>.Empty)),
            ReadContent = Queue.ReadContentAsync,
        };
        _claims = new Claims(Queue, _node, time, NullLogger<Claims>.Instance);
        _worker = new DeliveryWorker(
            Window, configure?.Invoke(options) ?? options, _settler, _claims, time, workerLog ?? NullLogger<DeliveryWorker>.Instance);
        _loop = new ClaimLoop(Queue, Window, _worker, _node, time, NullLogger<ClaimLoop>.Instance);
        _expiry = new ExpiryLoop(Queue, _worker, _node, time, NullLogger<ExpiryLoop>.Instance);
        _requests = new RequestLoop(Requests, _worker, _claims, _node, time, NullLogger<RequestLoop>.Instance);
    }

    public FakeTimeProvider Time { get; }

    public RecordingQueue Queue { get; } = new();

    /// <summary>What operators ask for.</summary>
    public RecordingRequests Requests { get; } = new();

    public DeliveryWindow Window { get; }

    /// <summary>What the way out can use more of.</summary>
    public int RoomFor(string domain) => _worker.RoomFor(DomainName.Parse(domain));

    /// <summary>Deliveries that wait or are on their way.</summary>
    public int InMemory => _worker.InHand.Count;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task StartAsync()
    {
        await _claims.StartAsync(Cancel);
        await _settler.StartAsync(Cancel);
        await _worker.StartAsync(Cancel);
    }

    public void Put(LeasedMessage message)
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
    public async Task SettledAsync(int count, Task? stalling = null)
    {
        for (var i = 0; i < count; i++)
        {
            var settled = Queue.Settlements.InTimeAsync($"result {i + 1} of {count}");
            if (stalling is not null)
            {
                await Task.WhenAny(settled, stalling);
                await Eventually.TrueAsync(() => settled.IsCompleted, () => Time.Advance(TimeSpan.FromSeconds(1)));
            }

            await settled;
        }
    }

    /// <summary>Waits until the window has room for so many: a result is stored a moment before the room is given back.</summary>
    public Task RoomAsync(int messages) => Eventually.TrueAsync(() => Window.Room == messages);

    /// <summary>What was settled, as a case file has it.</summary>
    public string Told()
    {
        var text = new StringBuilder();
        foreach (var settled in Queue.Settled.OrderBy(s => s.Ordinal))
        {
            var attempt = settled.Attempt!;
            text.AppendLine(CultureInfo.InvariantCulture, $"{settled.Ordinal} {settled.State}: {settled.Result}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  attempt {attempt.Number} {attempt.Host} {attempt.Address} {attempt.Tls ?? "clear"} {attempt.Outcome}: {attempt.Reply}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  {settled.Event?.Type} {settled.Event?.Detail}");
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(Cancel);
        await _settler.StopAsync(Cancel);
        await _claims.StopAsync(Cancel);
        _requests.Dispose();
        _expiry.Dispose();
        _loop.Dispose();
        _worker.Dispose();
        _settler.Dispose();
        _claims.Dispose();
    }
}
