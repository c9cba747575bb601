using System.Collections.Concurrent;
using System.Globalization;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>Callers that send as fast as they are answered, until the program is gone or the load is disposed.</summary>
internal sealed class Load : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _answered;

    private Load()
    {
    }

    /// <summary>How many messages were accepted.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>What was refused, and how often: the status and the error's code.</summary>
    public ConcurrentDictionary<string, int> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>Starts sending; the subject of each accepted message is added to <paramref name="accepted"/> once its MessageId is there.</summary>
    public static Load Start(string url, ConcurrentDictionary<string, byte> accepted, int life, int callers = 8) =>
        Start(url, accepted, life.ToString(CultureInfo.InvariantCulture), callers);

    /// <param name="url">Of the node.</param>
    /// <param name="accepted">Gets the subjects.</param>
    /// <param name="name">What the subjects of no other load have.</param>
    /// <param name="callers">How many send at a time.</param>
    public static Load Start(string url, ConcurrentDictionary<string, byte> accepted, string name, int callers)
    {
        var load = new Load();
        for (var caller = 0; caller < callers; caller++)
        {
            _ = load.SendAsync(url, accepted, $"{name}-{caller}");
        }

        return load;
    }

    public void Dispose()
    {
        if (!_stop.IsCancellationRequested)
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }

    private async Task SendAsync(string url, ConcurrentDictionary<string, byte> accepted, string name)
    {
        using var ses = new SesCaller(url, "111122223333", "test");
        try
        {
            await ses.CallAsync("VerifyDomainIdentity", ("Domain", "shop.test"));
            for (var i = 0; !_stop.IsCancellationRequested; i++)
            {
                var subject = $"message {name}-{i}";
                var (status, answer) = await ses.TrySendAsync("news@shop.test", "c@client.test", subject);
                if (status == 200)
                {
                    accepted[subject] = 0;
                    Interlocked.Increment(ref _answered);
                }
                else
                {
                    Refusals.AddOrUpdate($"{status} {answer.Split(':')[0]}", 1, (_, count) => count + 1);
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            // The program was killed: what it had not answered was not accepted.
        }
    }
}
