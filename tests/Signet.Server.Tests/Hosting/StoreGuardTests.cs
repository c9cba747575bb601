using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Queue;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.Hosting;

public sealed class StoreGuardTests
{
    [Fact]
    public async Task A_page_that_finds_the_store_unavailable_says_so_in_one_sentence()
    {
        var app = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
        StoreGuard.Use(app, new StoreOutageLog(NullLogger<StoreOutageLog>.Instance, TimeProvider.System));
        app.Run(context =>
        {
            context.Response.Headers.SetCookie = "session=1";
            throw new StoreUnavailableException("the disk is full");
        });
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };

        await app.Build()(context);

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal(0, context.Response.Headers.SetCookie.Count);
        var text = System.Text.Encoding.UTF8.GetString(body.ToArray());
        Assert.Equal("The store does not answer just now. Try again in a moment.\n", text);
    }
}
