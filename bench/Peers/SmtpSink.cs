using System.Diagnostics;
using System.Globalization;

namespace Signet.Bench.Peers;

/// <summary>Postfix's <c>smtp-sink</c>, which takes mail and throws it away, and counts.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private int _messages;

    private SmtpSink(Process process, int port)
    {
        (_process, Port) = (process, port);
        _reading = ReadAsync();
    }

    public int Port { get; }

    /// <summary>Messages taken so far.</summary>
    public int Messages => Volatile.Read(ref _messages);

    /// <exception cref="PeerMissingException">Postfix is not installed.</exception>
    public static SmtpSink Start()
    {
        if (!ChildProcess.Exists("smtp-sink"))
        {
            throw new PeerMissingException("`smtp-sink` and `smtp-source` of Postfix are not installed");
        }

        var port = FreePort.Find();
        return new SmtpSink(ChildProcess.Start("smtp-sink", null, "-c", "-u", "nobody", $"127.0.0.1:{port}", "1000"), port);
    }

    /// <summary>Ends when it has taken so many; fails when nothing has come for a long while.</summary>
    /// <exception cref="TimeoutException">Nothing more came.</exception>
    public async Task ReachAsync(int messages, CancellationToken cancel)
    {
        var (last, since) = (Messages, Stopwatch.GetTimestamp());
        while (Messages < messages)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancel);
            if (Messages != last)
            {
                (last, since) = (Messages, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(20))
            {
                throw new TimeoutException($"{last} of {messages} messages reached the sink, and for 20 seconds no other");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ChildProcess.EndAsync(_process);
        await _reading;
    }

    // With -c it shows `sess=1 quit=1 mesg=1`, each overwriting the one before by a carriage return.
    private async Task ReadAsync()
    {
        var output = _process.StandardOutput;
        var line = "";
        var buffer = new char[4096];
        while (await output.ReadAsync(buffer) is > 0 and var read)
        {
            var shown = (line + new string(buffer, 0, read)).Split('\r');
            line = shown[^1];
            if (shown.Length > 1 && shown[^2].Split("mesg=") is [_, var number])
            {
                Volatile.Write(ref _messages, int.Parse(number, CultureInfo.InvariantCulture));
            }
        }
    }
}
