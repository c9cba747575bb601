using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Aws;

public sealed class RequestHeadTests
{
    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/?", "/", "")]
    [InlineData("/a%2Fb/../c?x=%2B&y=?", "/a%2Fb/../c", "x=%2B&y=?")]
    [InlineData("http://ses.example.com/a?b=c", "/a", "b=c")]
    [InlineData("http://ses.example.com?b=/", "/", "b=/")]
    [InlineData("http://ses.example.com", "/", "")]
    [InlineData("*", "/", "")]
    public void Path_and_query_are_taken_from_the_target_as_it_came(string target, string path, string query)
    {
        var http = new DefaultHttpContext();
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        http.Request.Method = "POST";

        var head = RequestHead.Of(http.Request);

        Assert.Equal(("POST", path, query), (head.Method, head.Path, head.Query));
    }
}
