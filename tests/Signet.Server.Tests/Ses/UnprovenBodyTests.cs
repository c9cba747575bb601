using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Ses;

/// <summary>
/// Bodies of callers who know the id of a key and nothing else, over real sockets. The server has room for 8 MB of bodies, 4 MB for one
/// client.
/// </summary>
public sealed class UnprovenBodyTests
{
    private const long Room = 8L * 1024 * 1024;
    private const int MaxMessage = 512 * 1024;

    private static readonly int Large = RequestBody.Bound(MaxMessage);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_hold_their_share_and_the_others_are_told_to_come_again()
    {
        await using var server = await StartAsync();
        var strangers = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => BeginAsync(server, $"Content-Length: {Large}")));
        await Task.WhenAll(strangers.Select(s => s.SendAsync(1_000)));
        await Eventually.TrueAsync(() => server.Bodies.Waiting == 14);

        var answers = Task.WhenAll(strangers.Select(s => s.StatusAsync()));
        await Eventually.TrueAsync(() =>
        {
            Assert.InRange(server.Bodies.Taken, 0, Large);
            server.Time.Advance(TimeSpan.FromSeconds(1));
            return answers.IsCompleted;
        });

        var statuses = await answers;
        Assert.Contains("HTTP/1.1 503 Service Unavailable", statuses);
        Assert.Contains("HTTP/1.1 408 Request Timeout", statuses);
        Assert.All(statuses, s => Assert.Matches("^HTTP/1.1 (408|503) ", s!));
        await Eventually.TrueAsync(() => server.Bodies.Taken == 0);
        Close(strangers);
    }

    [Fact]
    public async Task They_keep_no_small_request_out()
    {
        await using var server = await StartAsync();
        var strangers = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => BeginAsync(server, $"Content-Length: {Large}")));
        await Eventually.TrueAsync(() => server.Bodies.Waiting == 14);

        var reply = await server.PostAsync(SesTestServer.Owner, Raw(40_000), Cancel);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Close(strangers);
    }

    [Fact]
    public async Task Twenty_large_messages_at_once_all_arrive()
    {
        await using var server = await StartAsync();
        var form = Raw(MaxMessage);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.PostAsync(SesTestServer.Owner, form, Cancel)));

        Assert.All(replies, r => Assert.Equal(HttpStatusCode.OK, r.Status));
        Assert.Equal(20, server.Submitted.Count);
        await Eventually.TrueAsync(() => server.Bodies.Taken == 0);
    }

    [Fact]
    public async Task One_that_trickles_is_cut_off_and_its_room_is_free()
    {
        await using var server = await StartAsync();
        var stranger = await BeginAsync(server, $"Content-Length: {Large}");
        await stranger.SendAsync(70_000);
        await Eventually.TrueAsync(() => server.Bodies.Taken == Large);

        server.Time.Advance(BodyRoom.Grace + TimeSpan.FromSeconds(1));
        await stranger.SendAsync(1);
        var status = stranger.StatusAsync();

        // The watch over its pace may begin after the room is taken, and then counts from there.
        await Eventually.TrueAsync(() =>
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            return status.IsCompleted;
        });

        Assert.Equal("HTTP/1.1 408 Request Timeout", await status);
        await Eventually.TrueAsync(() => server.Bodies.Taken == 0);
        Close(stranger);
        await server.StopAsync(Cancel);
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task A_small_one_whose_last_byte_does_not_come_is_cut_off()
    {
        await using var server = await StartAsync();
        var stranger = await BeginAsync(server, "Content-Length: 65536");
        await stranger.SendAsync(65_535);
        var status = stranger.StatusAsync();

        await Eventually.TrueAsync(() =>
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            return status.IsCompleted;
        });

        Assert.Equal("HTTP/1.1 408 Request Timeout", await status);
        Close(stranger);
        await server.StopAsync(Cancel);
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task One_of_unknown_length_takes_the_room_of_the_largest_once_it_is_no_small_one()
    {
        await using var server = await StartAsync();
        var stranger = await BeginAsync(server, "Transfer-Encoding: chunked");

        await stranger.SendAsync(0x4000, chunk: true);
        Assert.Equal(0, server.Bodies.Taken);
        for (var i = 0; i < 4; i++)
        {
            await stranger.SendAsync(0x4000, chunk: true);
        }

        await Eventually.TrueAsync(() => server.Bodies.Taken == Large);
        Close(stranger);
        await Eventually.TrueAsync(() => server.Bodies.Taken == 0);
    }

    [Fact]
    public async Task One_with_a_wrong_signature_gives_its_room_back()
    {
        await using var server = await StartAsync();

        var reply = await server.PostAsync(SesTestServer.Owner with { Secret = "a guess" }, Raw(MaxMessage), Cancel);

        Assert.Equal("SignatureDoesNotMatch", reply.Code);
        await Eventually.TrueAsync(() => server.Bodies.Taken == 0);
    }

    // A line of the log for each would let a stranger fill the disk.
    [Theory]
    [InlineData("Content-Length: 1000")]
    [InlineData("Content-Length: 100000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Those_that_are_broken_off_leave_nothing_in_the_log(string length)
    {
        await using var server = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            var stranger = await BeginAsync(server, $"Expect: 100-continue\r\n{length}");
            await stranger.StatusAsync();
            stranger.Reset();
        }));

        await server.StopAsync(Cancel);
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task One_that_is_no_body_is_refused_by_an_answer_of_the_API()
    {
        await using var server = await StartAsync();
        var stranger = await BeginAsync(server, "Transfer-Encoding: chunked");

        await stranger.SendAsync("zz\r\n");

        var answer = await stranger.AnswerAsync();
        Assert.StartsWith("HTTP/1.1 400 Bad Request", answer, StringComparison.Ordinal);
        Assert.Contains("<Code>MalformedInput</Code>", answer, StringComparison.Ordinal);
        Close(stranger);
    }

    // A few bytes may inflate to as many as a body may have.
    [Fact]
    public async Task A_compressed_body_waits_for_the_room_that_it_may_need()
    {
        await using var server = await StartAsync();
        var stranger = await BeginAsync(server, $"Content-Length: {Large}");
        await Eventually.TrueAsync(() => server.Bodies.Taken == Large);
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.ASCII.GetBytes(Raw(1_000)), Cancel);
        }

        var reply = server.PostAsync(SesTestServer.Owner, compressed.ToArray(), "gzip", Cancel);
        await Eventually.TrueAsync(() => server.Bodies.Waiting == 1);
        Close(stranger);

        Assert.Equal(HttpStatusCode.OK, (await reply).Status);
        Assert.Single(server.Submitted);
        await Eventually.TrueAsync(() => server.Bodies.Taken == 0);
    }

    private static Task<SesTestServer> StartAsync() => SesTestServer.StartAsync(Cancel, maxMessageBytes: MaxMessage, bodyMemory: Room);

    private static string Raw(int length) =>
        "Action=SendRawEmail&Version=2010-12-01&RawMessage.Data=" + TestSigner.Encode(Convert.ToBase64String(new byte[length]));

    private static async Task<Stranger> BeginAsync(SesTestServer server, string length)
    {
        var stranger = new Stranger();
        await stranger.ConnectAsync(server, length);
        return stranger;
    }

    private static void Close(params Stranger[] strangers)
    {
        foreach (var stranger in strangers)
        {
            stranger.Dispose();
        }
    }

    /// <summary>Somebody who knows the id of a key, with a signature of zeros.</summary>
    private sealed class Stranger : IDisposable
    {
        private readonly TcpClient _socket = new();
        private NetworkStream _stream = null!;

        public async Task ConnectAsync(SesTestServer server, string length)
        {
            await _socket.ConnectAsync(IPAddress.Loopback, server.Address.Port, Cancel);
            _stream = _socket.GetStream();
            var date = TestSigner.Stamp(server.Time.GetUtcNow());
            var authorization = $"AWS4-HMAC-SHA256 Credential={SesTestServer.Owner.KeyId}/{date[..8]}/us-east-1/ses/aws4_request, "
                + $"SignedHeaders=host;x-amz-date, Signature={new string('0', 64)}";
            await _stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST / HTTP/1.1\r\nHost: {server.Address.Authority}\r\nX-Amz-Date: {date}\r\nAuthorization: {authorization}\r\n{length}\r\n\r\n"),
                Cancel);
        }

        public async Task SendAsync(int bytes, bool chunk = false)
        {
            var text = new string('a', bytes);
            await _stream.WriteAsync(
                Encoding.ASCII.GetBytes(chunk ? string.Create(CultureInfo.InvariantCulture, $"{bytes:x}\r\n{text}\r\n") : text), Cancel);
        }

        public async Task SendAsync(string bytes) => await _stream.WriteAsync(Encoding.ASCII.GetBytes(bytes), Cancel);

        /// <summary>All that comes until the server closes the connection.</summary>
        public async Task<string> AnswerAsync()
        {
            using var reader = new StreamReader(_stream, Encoding.ASCII, leaveOpen: true);
            return await reader.ReadToEndAsync(Cancel).InTimeAsync("the end of the answer");
        }

        public async Task<string?> StatusAsync()
        {
            using var reader = new StreamReader(_stream, Encoding.ASCII, leaveOpen: true);
            return await reader.ReadLineAsync(Cancel).AsTask().InTimeAsync("the status");
        }

        /// <summary>Closes the connection without a word.</summary>
        public void Reset()
        {
            _socket.Client.LingerState = new LingerOption(enable: true, seconds: 0);
            _socket.Dispose();
        }

        public void Dispose() => _socket.Dispose();
    }
}
