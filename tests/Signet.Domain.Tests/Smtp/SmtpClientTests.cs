using System.Net.Sockets;
using System.Text;
using CsCheck;
using Signet.Addresses;
using Signet.Smtp;
using Signet.Tests.Fakes;

namespace Signet.Tests.Smtp;

public sealed class SmtpClientTests
{
    private const string NoTls = "EHLO: 250-mx.test|250-PIPELINING|250-8BITMIME|250-SIZE 1000000|250 AUTH LOGIN";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Content_arrives_to_the_byte_whatever_dots_are_in_it()
    {
        await using var server = new ScriptedSmtpServer(NoTls, TimeProvider.System);
        await using var connection = await OpenAsync(server);
        var lines = Gen.OneOf(Gen.Const("."), Gen.Const(""), Gen.Const(".."), Gen.Const("text"), Gen.Const("a.b"), Gen.Const(new string('x', 998)));

        await lines.Array[0, 30].SampleAsync(text => ArrivesAsync(string.Concat(text.Select(l => l + "\r\n"))), iter: 100, threads: 1);
        await ArrivesAsync(string.Concat(Enumerable.Repeat(".dotted\r\n", 30_000)));

        Assert.Equal(1, server.ConnectionCount);

        async Task ArrivesAsync(string text)
        {
            var transaction = await connection.SendAsync(Envelope(text), Cancel);

            Assert.Equal("250 2.0.0 taken", $"{transaction.Answers[0]?.Reply}");
            Assert.True(server.Contents.TryDequeue(out var content));
            Assert.Equal(text, Encoding.ASCII.GetString(content));
        }
    }

    [Fact]
    public async Task Content_without_a_final_line_end_gets_one()
    {
        await using var server = new ScriptedSmtpServer(NoTls, TimeProvider.System);
        await using var connection = await OpenAsync(server);

        await connection.SendAsync(Envelope("a\r\n.b"), Cancel);

        Assert.Equal("a\r\n.b\r\n", Encoding.ASCII.GetString(Assert.Single(server.Contents)));
    }

    [Fact]
    public async Task Added_fields_go_before_the_message_and_count_in_its_size()
    {
        await using var server = new ScriptedSmtpServer(NoTls, TimeProvider.System);
        await using var connection = await OpenAsync(server);

        await connection.SendAsync(Envelope(".a\r\n", "X: 1\r\n"), Cancel);
        await connection.SendAsync(Envelope("", "X: 2"), Cancel);

        Assert.Equal(["X: 1\r\n.a\r\n", "X: 2\r\n"], server.Contents.Select(Encoding.ASCII.GetString));
        Assert.Equal(["SIZE=10", "SIZE=6"], server.Commands.Where(c => c.StartsWith("MAIL", StringComparison.Ordinal)).Select(c => c.Split(' ')[2]));
    }

    [Fact]
    public async Task Commands_say_size_and_8_bit()
    {
        await using var server = new ScriptedSmtpServer(NoTls, TimeProvider.System);
        await using var connection = await OpenAsync(server);

        await connection.SendAsync(Envelope("\u00e9\r\n"), Cancel);
        await connection.QuitAsync(Cancel);

        Assert.Equal(
            ["EHLO signet.test", "MAIL FROM:<from@signet.test> SIZE=4 BODY=8BITMIME", "RCPT TO:<to@dest.test>", "DATA", "QUIT"],
            server.Commands);
    }

    [Fact]
    public async Task A_lone_dot_ends_what_nobody_was_accepted_for()
    {
        await using var server = new ScriptedSmtpServer($"{NoTls}\nRCPT: once 550 5.1.1 no", TimeProvider.System);
        await using var connection = await OpenAsync(server);

        var refused = await connection.SendAsync(Envelope("secret\r\n"), Cancel);
        var taken = await connection.SendAsync(Envelope("next\r\n"), Cancel);

        Assert.Equal((SmtpStage.Recipient, SmtpStage.FinalDot), (refused.Answers[0]?.Stage, taken.Answers[0]?.Stage));
        Assert.Equal(["", "next\r\n"], server.Contents.Select(Encoding.ASCII.GetString));
    }

    [Fact]
    public async Task A_refused_transaction_is_reset_before_the_next()
    {
        await using var server = new ScriptedSmtpServer($"{NoTls}\nMAIL: once 451 later\nDATA: once 503 no", TimeProvider.System);
        await using var connection = await OpenAsync(server);

        await connection.SendAsync(Envelope("x\r\n"), Cancel);
        var second = await connection.SendAsync(Envelope("x\r\n"), Cancel);

        Assert.Equal(SmtpStage.FinalDot, second.Answers[0]?.Stage);
        Assert.Contains("RSET", server.Commands);
    }

    [Fact]
    public async Task Any_certificate_will_do_unless_it_is_to_be_checked()
    {
        using var certificate = SelfSigned.Certificate("mx.test");
        await using var server = new ScriptedSmtpServer("NOOP: 250 ok", TimeProvider.System, certificate);
        await using (var connection = await OpenAsync(server))
        {
            Assert.Equal("TLSv1.3", connection.Tls!.Version);
            Assert.Equal(SmtpStage.FinalDot, (await connection.SendAsync(Envelope("x\r\n"), Cancel)).Answers[0]?.Stage);
        }

        var refused = await Assert.ThrowsAsync<SmtpException>(() => OpenAsync(server, s => s with { CheckCertificate = true }));
        Assert.Equal((SmtpStage.Tls, SmtpFailure.Tls), (refused.Stage, refused.Failure));
    }

    [Fact]
    public async Task Without_the_tls_that_is_required_no_password_is_sent()
    {
        await using var server = new ScriptedSmtpServer(NoTls, TimeProvider.System);

        var refused = await Assert.ThrowsAsync<SmtpException>(
            () => OpenAsync(server, s => s with { Tls = TlsUse.Required, Login = new SmtpLogin("me", "secret") }));

        Assert.Equal(SmtpFailure.Tls, refused.Failure);
        Assert.DoesNotContain(server.Commands, c => c.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PLAIN LOGIN", "AUTH PLAIN AG1lAHNlY3JldA==")]
    [InlineData("LOGIN", "AUTH LOGIN", "bWU=", "c2VjcmV0")]
    public async Task A_password_is_given_as_the_server_takes_it(string offered, params string[] commands)
    {
        var script = $"EHLO: 250-mx.test|250 AUTH {offered}\nAUTH LOGIN: 334 VXNlcm5hbWU6\nbWU=: 334 UGFzc3dvcmQ6\nc2VjcmV0: 235 welcome";
        await using var server = new ScriptedSmtpServer(script, TimeProvider.System);

        await using var connection = await OpenAsync(server, s => s with { Login = new SmtpLogin("me", "secret") });

        Assert.Equal(["EHLO signet.test", .. commands], server.Commands);
    }

    [Fact]
    public async Task A_refused_password_is_told_as_such()
    {
        await using var server = new ScriptedSmtpServer("EHLO: 250-mx.test|250 AUTH PLAIN\nAUTH: 535 5.7.8 wrong", TimeProvider.System);

        var refused = await Assert.ThrowsAsync<SmtpException>(() => OpenAsync(server, s => s with { Login = new SmtpLogin("me", "secret") }));

        Assert.Equal((SmtpStage.Auth, "535 5.7.8 wrong"), (refused.Stage, $"{refused.Reply}"));
    }

    [Fact]
    public async Task What_comes_in_clear_behind_starttls_is_not_believed()
    {
        using var certificate = SelfSigned.Certificate("mx.test");
        await using var server = new ScriptedSmtpServer("STARTTLS: 220 go|250 injected", TimeProvider.System, certificate);

        var refused = await Assert.ThrowsAsync<SmtpException>(() => OpenAsync(server));

        Assert.Equal((SmtpStage.Tls, SmtpFailure.Protocol), (refused.Stage, refused.Failure));
    }

    // RFC 5321 §4.5.3.2: what a client has to wait for at least.
    [Fact]
    public void No_time_limit_is_shorter_than_the_standard_allows()
    {
        var limits = SmtpTimeouts.Default;

        Assert.Equal(TimeSpan.FromMinutes(5), limits.Greeting);
        Assert.Equal(TimeSpan.FromMinutes(5), limits.Command);
        Assert.Equal(TimeSpan.FromMinutes(5), limits.Mail);
        Assert.Equal(TimeSpan.FromMinutes(5), limits.Recipient);
        Assert.Equal(TimeSpan.FromMinutes(2), limits.Data);
        Assert.Equal(TimeSpan.FromMinutes(3), limits.Block);
        Assert.Equal(TimeSpan.FromMinutes(10), limits.FinalDot);
    }

    private static async Task<SmtpClient> OpenAsync(ScriptedSmtpServer server, Func<SmtpClientOptions, SmtpClientOptions>? change = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.EndPoint, Cancel);
        var session = new SmtpClientOptions { Hostname = "signet.test", ServerName = "mx.test" };
        return await SmtpClient.OpenAsync(
            new NetworkStream(socket, ownsSocket: true), change?.Invoke(session) ?? session, TimeProvider.System, Cancel);
    }

    private static MailTransaction Envelope(string content, string added = "") => new(
        EmailAddress.Parse("from@signet.test"), [EmailAddress.Parse("to@dest.test")],
        new MailData(Encoding.UTF8.GetBytes(added), Encoding.UTF8.GetBytes(content), !Ascii.IsValid(content)));
}
