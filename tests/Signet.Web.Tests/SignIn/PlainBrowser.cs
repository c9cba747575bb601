using System.Text.RegularExpressions;
using Signet.Web.Tests.Browser;

namespace Signet.Web.Tests.SignIn;

/// <summary>Asks for pages and sends their forms as a browser does, cookies and origin included, and shows all of the answers.</summary>
internal sealed partial class PlainBrowser(Uri url, string? host = null) : IDisposable
{
    private readonly HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = url };
    private readonly Dictionary<string, string> cookies = [];

    /// <summary>Every cookie that was set, with its attributes.</summary>
    public List<string> SetCookies { get; } = [];

    public string CookieHeader => string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}"));

    public Task<HttpResponseMessage> SignInAsync(string name, string? origin = null) =>
        PostAsync("sign-in", new() { ["_handler"] = "sign-in", ["name"] = name, ["password"] = ConsoleSystem.Password }, origin);

    public Task<HttpResponseMessage> GetAsync(string path, string? cookieHeader = null) => SendAsync(HttpMethod.Get, path, null, null, cookieHeader);

    /// <summary>Sends the form of a page.</summary>
    /// <param name="path">The page.</param>
    /// <param name="fields">What is filled in.</param>
    /// <param name="origin">Of the page that sends it; null for none, as other programs do.</param>
    /// <param name="withToken">Whether it is the form that the page has, with its token.</param>
    public async Task<HttpResponseMessage> PostAsync(
        string path, Dictionary<string, string> fields, string? origin = null, bool withToken = true)
    {
        if (withToken)
        {
            using var page = await GetAsync(path);
            var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            fields["__RequestVerificationToken"] = Token().Match(html).Groups[1].Value;
        }

        using var form = new FormUrlEncodedContent(fields);
        return await SendAsync(HttpMethod.Post, path, form, origin, null);
    }

    public void Dispose() => client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, string? origin, string? cookieHeader)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/console/{path}", UriKind.Relative)) { Content = content };
        request.Headers.Host = host;
        request.Headers.TryAddWithoutValidation("Cookie", cookieHeader ?? CookieHeader);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            SetCookies.Add(set);
            var (name, value) = (set.Split('=')[0], set.Split(';')[0].Split('=', 2)[1]);
            cookies[name] = value;
        }

        return answer;
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();
}
