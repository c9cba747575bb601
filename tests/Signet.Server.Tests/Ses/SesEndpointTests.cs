using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Signet.Accounts;
using Signet.Names;
using Signet.Queue;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Ses;

/// <summary>What the endpoint does before an action is reached, over a real socket.</summary>
public sealed class SesEndpointTests
{
    private const string Quota = "Action=GetSendQuota&Version=2010-12-01";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_query_string_is_answered_like_a_form()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var reply = await GetAsync(server, Quota);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal((await server.PostAsync(SesTestServer.Owner, Quota, Cancel)).Body, reply.Body);
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("ODD")]
    public async Task A_signed_request_of_another_method_is_answered_like_a_GET(string method)
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var reply = await CallAsync(server, new HttpMethod(method), "Action=DeleteVerifiedEmailAddress&EmailAddress=info%40shop.test");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Contains("<DeleteVerifiedEmailAddressResponse", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_CONNECT_does_nothing_and_is_no_failure()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        // HttpClient sends no CONNECT with a path.
        var query = SesTestServer.Owner.Presign(
            "CONNECT", "Action=DeleteVerifiedEmailAddress&EmailAddress=info%40shop.test", server.Address.Authority, TimeSpan.FromHours(1), [],
            server.Time.GetUtcNow());
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port, Cancel);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"CONNECT /?{query} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: close\r\n\r\n"), Cancel);
        using var reader = new StreamReader(client.GetStream());

        Assert.Equal("HTTP/1.1 404 Not Found", await reader.ReadLineAsync(Cancel));
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task A_presigned_query_string_needs_no_header()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        var query = SesTestServer.Owner.Presign(
            "GET", Quota, server.Address.Authority, TimeSpan.FromHours(1), [], server.Time.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/?" + query));

        var reply = await server.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
    }

    [Fact]
    public async Task A_paused_account_is_told_so_in_every_region_and_has_nobody_mailed()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        await server.Accounts.SetPauseAsync(AccountId.Parse("111122223333"), new AccountPause(server.Time.GetUtcNow(), "spam"), Cancel);
        TestSigner[] everywhere = [SesTestServer.Owner, SesTestServer.Owner with { Region = "eu-west-1" }];

        foreach (var owner in everywhere)
        {
            await server.PostAsync(owner, "Action=UpdateAccountSendingEnabled&Version=2010-12-01&Enabled=true", Cancel);
            var enabled = await server.PostAsync(owner, "Action=GetAccountSendingEnabled&Version=2010-12-01", Cancel);
            var verify = await server.PostAsync(owner, "Action=VerifyEmailIdentity&Version=2010-12-01&EmailAddress=you%40example.net", Cancel);

            Assert.Contains("<Enabled>false</Enabled>", enabled.Body, StringComparison.Ordinal);
            Assert.Equal((HttpStatusCode.BadRequest, "AccountSendingPausedException", AccountPause.Text), (verify.Status, verify.Code, verify.Message));
        }
    }

    [Fact]
    public async Task An_unsigned_request_is_refused()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent(Quota) };

        var reply = await server.SendAsync(request, Cancel);

        Assert.Equal((HttpStatusCode.Forbidden, "MissingAuthenticationToken"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_request_without_a_known_key_is_answered_before_its_body_has_come()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port, Cancel);
        await using var stream = socket.GetStream();
        var head = $"POST / HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Length: 1000000\r\n\r\nAction=";

        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Cancel);

        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.StartsWith("HTTP/1.1 403", await reader.ReadLineAsync(Cancel).AsTask().InTimeAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Version=2010-12-01", "MissingAction", "Missing Action")]
    [InlineData("Action=&Version=2010-12-01", "MissingAction", "Missing Action")]
    [InlineData("Action=Dance&Version=2010-12-01", "InvalidAction", "Could not find operation Dance for version 2010-12-01")]
    [InlineData("Action=GetSendQuota&Version=2009-10-16", "InvalidAction", "Could not find operation GetSendQuota for version 2009-10-16")]
    public async Task What_names_no_operation_is_answered_in_the_frameworks_namespace(string form, string code, string text)
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var reply = await server.PostAsync(SesTestServer.Owner, form, Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, code, text), (reply.Status, reply.Code, reply.Message));
        Assert.StartsWith("<ErrorResponse xmlns=\"http://webservices.amazon.com/AWSFault/2005-15-09\">", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Action=GetSendQuota")]
    [InlineData("Action=GetSendQuota&Version=")]
    public async Task A_request_without_a_version_means_the_only_one(string form)
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(SesTestServer.Owner, form, Cancel)).Status);
    }

    [Theory]
    [InlineData("Action=%zz", HttpStatusCode.NotFound, "MalformedQueryString")]
    [InlineData("Action=%c3%28", HttpStatusCode.NotFound, "MalformedQueryString")]
    [InlineData("Action=GetSendQuota&Action=SendEmail", HttpStatusCode.BadRequest, "InvalidQueryParameter")]
    public async Task A_form_that_cannot_be_read_is_refused(string form, HttpStatusCode status, string code)
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var reply = await server.PostAsync(SesTestServer.Owner, form, Cancel);

        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_parameter_given_in_the_query_string_and_in_the_form_is_given_twice()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        var body = Encoding.ASCII.GetBytes(Quota);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/?Action=SendEmail"))
        {
            Content = new ByteArrayContent(body),
        };
        server.Sign(request, SesTestServer.Owner, "Action=SendEmail", body);

        var reply = await server.SendAsync(request, Cancel);

        Assert.Equal(("InvalidQueryParameter", "The parameter Action is given more than once."), (reply.Code, reply.Message));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_compressed_form_is_inflated_after_its_signature_was_checked(string encoding)
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var reply = await server.PostAsync(SesTestServer.Owner, Compressed(encoding, Encoding.ASCII.GetBytes(Quota)), encoding, Cancel);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
    }

    // What is left out may be the end of a message.
    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("gzip", 8)]
    [InlineData("gzip", 20)]
    [InlineData("deflate", 1)]
    [InlineData("deflate", 4)]
    [InlineData("deflate", 20)]
    public async Task A_compressed_form_whose_end_is_missing_is_malformed(string encoding, int missing)
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        var whole = Compressed(encoding, Encoding.ASCII.GetBytes(Quota));

        var reply = await server.PostAsync(SesTestServer.Owner, whole[..^missing], encoding, Cancel);

        Assert.Equal(("MalformedInput", "The request body is not what its content encoding says."), (reply.Code, reply.Message));
    }

    [Fact]
    public async Task A_compressed_form_that_inflates_beyond_the_bound_is_refused()
    {
        await using var server = await SesTestServer.StartAsync(Cancel, maxMessageBytes: 1);
        var bomb = Compressed("gzip", new byte[RequestBody.Bound(1) + 1]);

        var reply = await server.PostAsync(SesTestServer.Owner, bomb, "gzip", Cancel);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLarge"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("gzip", "The request body is not what its content encoding says.")]
    [InlineData("br", "The content encoding must be gzip, deflate or identity.")]
    public async Task A_content_encoding_that_cannot_be_undone_is_malformed(string encoding, string text)
    {
        await using var server = await SesTestServer.StartAsync(Cancel);

        var reply = await server.PostAsync(SesTestServer.Owner, Encoding.ASCII.GetBytes(Quota), encoding, Cancel);

        Assert.Equal(("MalformedInput", text), (reply.Code, reply.Message));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded; charset=iso-8859-1")]
    public async Task Another_content_type_is_malformed(string contentType)
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        var body = Encoding.ASCII.GetBytes(Quota);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        server.Sign(request, SesTestServer.Owner, "", body);

        Assert.Equal("MalformedInput", (await server.SendAsync(request, Cancel)).Code);
    }

    [Fact]
    public async Task A_body_declared_too_long_is_refused_before_it_has_come()
    {
        await using var server = await SesTestServer.StartAsync(Cancel, maxMessageBytes: 1);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port, Cancel);
        await using var stream = socket.GetStream();
        var date = TestSigner.Stamp(server.Time.GetUtcNow());
        var authorization = SesTestServer.Owner.Authorization(
            "POST", "", [("host", server.Address.Authority), ("x-amz-date", date)], [], server.Time.GetUtcNow());
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST / HTTP/1.1\r\nHost: {server.Address.Authority}\r\nX-Amz-Date: {date}\r\nAuthorization: {authorization}\r\nContent-Length: {RequestBody.Bound(1) + 1}\r\n\r\nAction=");

        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Cancel);

        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(Cancel).AsTask().InTimeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_grows_too_long_is_refused_as_it_comes()
    {
        await using var server = await SesTestServer.StartAsync(Cancel, maxMessageBytes: 1);
        var body = new byte[RequestBody.Bound(1) + 1];
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StreamContent(new MemoryStream(body)) };
        request.Headers.TransferEncodingChunked = true;
        server.Sign(request, SesTestServer.Owner, "", body);

        Assert.Equal("RequestEntityTooLarge", (await server.SendAsync(request, Cancel)).Code);
    }

    [Fact]
    public async Task The_largest_message_fits_in_a_body_however_it_encodes()
    {
        await using var server = await SesTestServer.StartAsync(Cancel, maxMessageBytes: 1_000_000);
        var message = new byte[1_000_000];
        Array.Fill(message, (byte)0xff);
        var form = "Action=SendRawEmail&Version=2010-12-01&RawMessage.Data=" + TestSigner.Encode(Convert.ToBase64String(message));

        var reply = await server.PostAsync(SesTestServer.Owner, form, Cancel);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(message, SentRaw(server));
    }

    [Fact]
    public async Task Under_limits_an_action_answers_once_a_second()
    {
        await using var server = await SesTestServer.StartAsync(Cancel, limitRequests: true);

        Assert.Equal("", (await server.PostAsync(SesTestServer.Owner, Quota, Cancel)).Code);
        var second = await server.PostAsync(SesTestServer.Owner, Quota, Cancel);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var third = await server.PostAsync(SesTestServer.Owner, Quota, Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, "Throttling", "Rate exceeded"), (second.Status, second.Code, second.Message));
        Assert.Equal(HttpStatusCode.OK, third.Status);
    }

    [Fact]
    public async Task Under_limits_sending_is_left_to_the_send_rate()
    {
        const string raw = "Action=SendRawEmail&Version=2010-12-01&RawMessage.Data=RnJv";
        await using var server = await SesTestServer.StartAsync(Cancel, limitRequests: true);

        await server.PostAsync(SesTestServer.Owner, raw, Cancel);

        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(SesTestServer.Owner, raw, Cancel)).Status);
    }

    [Fact]
    public async Task A_store_that_is_away_is_a_reason_to_try_again()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        server.Policies.Failure = new StoreUnavailableException("the disk is full");

        var reply = await server.PostAsync(SesTestServer.Owner, "Action=ListIdentityPolicies&Version=2010-12-01&Identity=shop.test", Cancel);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "ServiceUnavailable"), (reply.Status, reply.Code));
        Assert.Contains("<Type>Receiver</Type>", reply.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("disk", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_given_up_on_within_ten_seconds()
    {
        const string raw = "Action=SendRawEmail&Version=2010-12-01&RawMessage.Data=RnJv";
        await using var server = await SesTestServer.StartAsync(Cancel);
        var asked = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.BeforeDoor = token =>
        {
            asked.SetResult(token);
            return new TaskCompletionSource().Task;
        };

        var sending = server.PostAsync(SesTestServer.Owner, raw, Cancel);
        var token = await asked.Task.InTimeAsync();
        server.Time.Advance(TimeSpan.FromSeconds(8));
        Assert.False(token.IsCancellationRequested);
        server.Time.Advance(TimeSpan.FromSeconds(1.5));
        var reply = await sending.InTimeAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "ServiceUnavailable"), (reply.Status, reply.Code));
        Assert.True(token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_store_that_keeps_the_thread_is_given_up_on_too()
    {
        const string raw = "Action=SendRawEmail&Version=2010-12-01&RawMessage.Data=RnJv";
        await using var server = await SesTestServer.StartAsync(Cancel);
        using var stalled = new SemaphoreSlim(0);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.BeforeDoor = _ =>
        {
            asked.SetResult();
            Assert.True(stalled.Wait(Eventually.Patience, Cancel));
            return Task.CompletedTask;
        };

        var sending = server.PostAsync(SesTestServer.Owner, raw, Cancel);
        await asked.Task.InTimeAsync();
        server.Time.Advance(TimeSpan.FromSeconds(9.5));
        var reply = await sending.InTimeAsync();
        stalled.Release();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status);
    }

    [Fact]
    public async Task A_bug_is_an_internal_failure_that_does_not_tell_its_cause()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        server.Policies.Failure = new InvalidOperationException("at line 7");

        var reply = await server.PostAsync(SesTestServer.Owner, "Action=ListIdentityPolicies&Version=2010-12-01&Identity=shop.test", Cancel);

        Assert.Equal((HttpStatusCode.InternalServerError, "InternalFailure"), (reply.Status, reply.Code));
        Assert.DoesNotContain("line 7", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_door_learns_who_sends_and_by_what_connection()
    {
        await using var server = await SesTestServer.StartAsync(Cancel);
        var body = Encoding.ASCII.GetBytes("Action=SendRawEmail&Version=2010-12-01&RawMessage.Data=RnJv");
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("User-Agent", "Boto3/1.43");
        server.Sign(request, SesTestServer.Mailer with { Region = "eu-west-1" }, "", body);

        await server.SendAsync(request, Cancel);

        var caller = Assert.Single(server.Submitted).Caller;
        Assert.Equal("arn:aws:iam::111122223333:user/mailer", caller.Principal.Arn);
        Assert.Equal(
            ("eu-west-1", IPAddress.Loopback, "Boto3/1.43", false, "1"),
            (caller.Region.Value, caller.SourceIp, caller.UserAgent, caller.SecureTransport, caller.ApiVersion));
    }

    private static Task<SesTestReply> GetAsync(SesTestServer server, string query) => CallAsync(server, HttpMethod.Get, query);

    private static async Task<SesTestReply> CallAsync(SesTestServer server, HttpMethod method, string query)
    {
        using var request = new HttpRequestMessage(method, new Uri(server.Address, "/?" + query));
        server.Sign(request, SesTestServer.Owner, query, []);
        return await server.SendAsync(request, Cancel);
    }

    private static byte[] SentRaw(SesTestServer server) =>
        Assert.IsType<Signet.Sending.SubmissionContent.Raw>(Assert.Single(server.Submitted).Content).Data.ToArray();

    private static byte[] Compressed(string encoding, byte[] content)
    {
        using var compressed = new MemoryStream();
        using (Stream compressor = encoding == "gzip"
            ? new GZipStream(compressed, CompressionLevel.Fastest)
            : new ZLibStream(compressed, CompressionLevel.Fastest))
        {
            compressor.Write(content);
        }

        return compressed.ToArray();
    }
}
