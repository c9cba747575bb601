using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signet.Tests.Fakes;

/// <summary>
/// A DNS server on loopback over UDP and TCP, which answers from a <see cref="Zone"/> (RFC 1035 §4). It knows no EDNS: an answer
/// over 512 bytes comes cut short over UDP, so that the client has to come back over TCP.
/// </summary>
public sealed class TinyDnsServer : IAsyncDisposable
{
    private const int UdpLimit = 512;
    private const ushort Truncated = 0x0200;

    private static readonly Dictionary<int, string> Types = new()
    {
        [1] = "A",
        [5] = "CNAME",
        [15] = "MX",
        [16] = "TXT",
        [28] = "AAAA",
    };

    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loops;
    private int _asked;

    private TinyDnsServer(Zone zone, UdpClient udp, TcpListener tcp)
    {
        (Zone, _udp, _tcp) = (zone, udp, tcp);
        _loops = Task.WhenAll(AnswerUdpAsync(), AnswerTcpAsync());
    }

    /// <summary>What it answers from; may be replaced between questions.</summary>
    public Zone Zone { get; set; }

    public IPEndPoint EndPoint => (IPEndPoint)_udp.Client.LocalEndPoint!;

    /// <summary>How many questions came, over either protocol.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public static TinyDnsServer Start(string zone)
    {
        for (var attempt = 1; ; attempt++)
        {
            var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            try
            {
                return new TinyDnsServer(Fakes.Zone.Parse(zone), new UdpClient((IPEndPoint)tcp.LocalEndpoint), tcp);
            }
            catch (SocketException) when (attempt < 10)
            {
                // The port that is free for TCP is taken for UDP: try another.
                tcp.Dispose();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _loops;
        }
        catch (OperationCanceledException)
        {
            // As asked for.
        }

        _udp.Dispose();
        _tcp.Dispose();
        _stop.Dispose();
    }

    private async Task AnswerUdpAsync()
    {
        while (true)
        {
            var question = await _udp.ReceiveAsync(_stop.Token);
            if (Answer(question.Buffer) is { } answer)
            {
                if (answer.Length > UdpLimit)
                {
                    answer = Cut(answer);
                }

                await _udp.SendAsync(answer, question.RemoteEndPoint, _stop.Token);
            }
        }
    }

    private async Task AnswerTcpAsync()
    {
        while (true)
        {
            using var client = await _tcp.AcceptTcpClientAsync(_stop.Token);
            var stream = client.GetStream();
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, _stop.Token);
            var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(question, _stop.Token);
            if (Answer(question) is { } answer)
            {
                await stream.WriteAsync((byte[])[.. Number(answer.Length), .. answer], _stop.Token);
            }
        }
    }

    /// <summary>Header and question alone, with the flag that says there is more.</summary>
    private static byte[] Cut(byte[] answer)
    {
        var cut = answer[..EndOfQuestion(answer)];
        BinaryPrimitives.WriteUInt16BigEndian(cut.AsSpan(2), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(cut.AsSpan(2)) | Truncated));
        cut.AsSpan(6, 6).Clear();
        return cut;
    }

    private byte[]? Answer(byte[] question)
    {
        Interlocked.Increment(ref _asked);
        var end = EndOfQuestion(question);
        var name = ReadName(question);
        if (Zone.IsSilent(name))
        {
            return null;
        }

        var type = Types.GetValueOrDefault(BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(end - 4)), "none");
        var (records, last) = Zone.Follow(name, type);
        var code = Zone.Fails(name) ? 2 : Zone.Exists(last) ? 0 : 3;
        return
        [
            .. question[..2], .. Number(0x8180 | code), .. Number(1), .. Number(records.Count), .. Number(0), .. Number(0),
            .. question[12..end],
            .. records.SelectMany(Encode),
        ];
    }

    private static int EndOfQuestion(byte[] message) => Array.IndexOf(message, (byte)0, 12) + 5;

    private static string ReadName(byte[] message)
    {
        List<string> labels = [];
        for (var at = 12; message[at] != 0; at += message[at] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]));
        }

        return string.Join('.', labels);
    }

    private static byte[] Encode(Fakes.Zone.ZoneRecord record)
    {
        byte[] data = record.Type switch
        {
            "TXT" => [.. record.Strings.SelectMany(s => (byte[])[(byte)s.Length, .. Encoding.UTF8.GetBytes(s)])],
            "CNAME" => EncodeName(record.Value),
            "MX" => [.. Number(record.Exchange.Preference), .. EncodeName(record.Exchange.Host)],
            _ => IPAddress.Parse(record.Value).GetAddressBytes(),
        };
        return
        [
            .. EncodeName(record.Name), .. Number(Types.Single(t => t.Value == record.Type).Key), .. Number(1),
            .. Number(0), .. Number(60), .. Number(data.Length), .. data,
        ];
    }

    private static byte[] EncodeName(string name) =>
    [
        .. name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]),
        0,
    ];

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];
}
