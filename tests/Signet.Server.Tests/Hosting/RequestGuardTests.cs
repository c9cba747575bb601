using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Signet.Server.Tests.Fakes;
using Signet.Server.Tests.Ses;

namespace Signet.Server.Tests.Hosting;

/// <summary>A request that cannot be read is the sender's fault: it gets a status and a sentence, and the log gets no stack.</summary>
public sealed class RequestGuardTests
{
    private const string Form = "application/x-www-form-urlencoded";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<bool, string, string, string> UnreadableForms()
    {
        (string Type, string Body)[] forms =
        [
            ($"{Form}; charset=utf-7", "a=b"),
            ($"{Form}; charset=nonsense", string.Join('&', Enumerable.Repeat("a=b", 2_000))),
            (Form, string.Join('&', Enumerable.Repeat("a=b", 2_000))),
            (Form, new string('a', 3_000) + "=b"),
            (Form, "a=" + new string('b', 40_000)),
            ("multipart/form-data", "a"),
            ("multipart/form-data; boundary=x", "a"),
            ("multipart/form-data; boundary=" + new string('x', 200), "a"),
            ("multipart/form-data; boundary=x", "--x\r\nnonsense\r\n\r\nb\r\n--x--\r\n"),
            ("multipart/form-data; boundary=x; charset=utf-7", "--x\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nb\r\n--x--\r\n"),
        ];
        var rows = new TheoryData<bool, string, string, string>();
        foreach (var (type, body) in forms)
        {
            rows.Add(false, "/console/sign-in", type, body);
            rows.Add(true, "/console/messages", type, body);
        }

        foreach (var path in (string[])["/console/me", "/console/sign-out", "/console/nothing", "/console/_blazor/negotiate"])
        {
            rows.Add(true, path, forms[0].Type, forms[0].Body);
            rows.Add(false, path, forms[0].Type, forms[0].Body);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(UnreadableForms))]
    public async Task A_form_that_cannot_be_read_is_refused_in_a_sentence(bool isDev, string path, string type, string body)
    {
        await using var host = isDev ? await TestHost.DevAsync() : await TestHost.ServeAsync();

        var answer = await SendAsync(host.Http, $"POST {path}", $"Content-Type: {type}\r\nContent-Length: {body.Length}", body);

        Assert.Matches(body.Length > 32 * 1024 ? "^HTTP/1.1 413 " : "^HTTP/1.1 400 ", answer);
        Assert.Contains("cannot be read", answer, StringComparison.Ordinal);
        AssertNoStack(await host.StopAsync());
    }

    [Theory]
    [InlineData(true, "/console/sign-in")]
    [InlineData(false, "/console/sign-in")]
    [InlineData(false, "/console/nothing")]
    [InlineData(true, "/_signet/policy/explain")]
    [InlineData(false, "/_signet/policy/explain")]
    [InlineData(true, "/")]
    [InlineData(false, "/")]
    public async Task A_body_that_is_no_body_is_refused_without_a_stack(bool isDev, string path)
    {
        await using var host = isDev ? await TestHost.DevAsync() : await TestHost.ServeAsync();
        var (client, type) = path.StartsWith("/_signet", StringComparison.Ordinal) ? (host.Inspection, "application/json") : (host.Http, Form);

        var answer = await SendAsync(client, $"POST {path}", $"{Signature(host)}Content-Type: {type}\r\nTransfer-Encoding: chunked", "zz\r\n");

        Assert.Matches("^HTTP/1.1 40[03] ", answer);
        Assert.Contains("\r\n\r\n", answer, StringComparison.Ordinal);
        AssertNoStack(await host.StopAsync());
    }

    [Theory]
    [InlineData(true, "/console/sign-in")]
    [InlineData(false, "/console/sign-in")]
    [InlineData(true, "/_signet/policy/explain")]
    [InlineData(true, "/")]
    public async Task A_body_that_ends_too_early_leaves_no_stack(bool isDev, string path)
    {
        await using var host = isDev ? await TestHost.DevAsync() : await TestHost.ServeAsync();

        var type = path.StartsWith("/_signet", StringComparison.Ordinal) ? "application/json" : Form;
        try
        {
            await SendAsync(host.Http, $"POST {path}", $"{Signature(host)}Content-Type: {type}\r\nContent-Length: 10", "a=b", endsEarly: true);
        }
        catch (IOException)
        {
            // Whoever closes early may have the connection reset instead of an answer.
        }

        AssertNoStack(await host.StopAsync());
    }

    // By somebody who knows the id of a key, and no more.
    private static string Signature(TestHost host)
    {
        var date = TestSigner.Stamp(host.Domain.Time.GetUtcNow());
        return $"X-Amz-Date: {date}\r\nAuthorization: AWS4-HMAC-SHA256 Credential=test/{date[..8]}/us-east-1/ses/aws4_request, "
            + $"SignedHeaders=host;x-amz-date, Signature={new string('0', 64)}\r\n";
    }

    private static void AssertNoStack(string log)
    {
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", log, StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(HttpClient to, string line, string headers, string body, bool endsEarly = false)
    {
        var address = to.BaseAddress!;
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, Cancel);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{line} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n{headers}\r\n\r\n{body}")),
            Cancel);
        if (endsEarly)
        {
            socket.Client.Shutdown(SocketShutdown.Send);
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }
}
