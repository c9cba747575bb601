using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.Hosting;

/// <summary>What a request says of its client, scheme and host after a proxy at 127.0.0.1 has passed it on.</summary>
public sealed class TrustedProxiesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.0/8", "203.0.113.7", "https", "mail.example.com", "203.0.113.7 https mail.example.com")]
    [InlineData("127.0.0.0/8", "192.0.2.99, 203.0.113.7", "https", "mail.example.com", "203.0.113.7 https mail.example.com")]
    [InlineData("127.0.0.0/8,10.0.0.0/8", "192.0.2.99, 203.0.113.7, 10.1.2.3", "https", "mail.example.com", "203.0.113.7 https mail.example.com")]
    [InlineData("127.0.0.1/32", "2001:db8::7", "https", "mail.example.com:8443", "2001:db8::7 https mail.example.com:8443")]
    [InlineData("127.0.0.1/32", "[2001:db8::7]:4711", "http", null, "2001:db8::7 http asked.example")]
    [InlineData("127.0.0.1/32", "who knows", null, null, "127.0.0.1 http asked.example")]
    [InlineData("127.0.0.1/32", null, null, null, "127.0.0.1 http asked.example")]
    [InlineData("10.0.0.0/8", "203.0.113.7", "https", "mail.example.com", "127.0.0.1 http asked.example")]
    [InlineData("", "203.0.113.7", "https", "mail.example.com", "127.0.0.1 http asked.example")]
    public async Task Its_headers_count_where_it_is_trusted(string trusted, string? client, string? scheme, string? host, string expected)
    {
        Assert.Equal(expected, await AskAsync(trusted, _ => true, client, scheme, host));
    }

    [Fact]
    public async Task They_do_not_count_at_other_listeners()
    {
        Assert.Equal(
            "127.0.0.1 http asked.example", await AskAsync("127.0.0.0/8", _ => false, "203.0.113.7", "https", "mail.example.com"));
    }

    private static async Task<string> AskAsync(
        string trusted, Func<HttpContext, bool> isServedTo, string? client, string? scheme, string? host)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        TrustedProxies.Use(app, [.. trusted.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse)], isServedTo);
        app.Run(context => context.Response.WriteAsync(
            $"{context.Connection.RemoteIpAddress} {context.Request.Scheme} {context.Request.Host}", Cancel));
        await app.StartAsync(Cancel);

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Urls.Single());
        request.Headers.Host = "asked.example";
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)
            [("X-Forwarded-For", client), ("X-Forwarded-Proto", scheme), ("X-Forwarded-Host", host)])
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await http.SendAsync(request, Cancel);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
