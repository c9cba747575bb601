using System.Text;
using System.Text.RegularExpressions;
using Signet.Server.Tests.Ses;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>A client of the SES API with a key, over real HTTP. It signs by the server's clock; null is the system's.</summary>
internal sealed partial class SesCaller(string url, string keyId, string secret, string region = "us-east-1", TimeProvider? time = null)
    : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly TestSigner _signer = new(keyId, secret, region);

    /// <summary>Calls an action; the parameters in pairs. Gives status and body.</summary>
    public async Task<(int Status, string Body)> CallAsync(string action, params (string Name, string Value)[] parameters)
    {
        var form = string.Join('&', new[] { ("Action", action), ("Version", "2010-12-01") }.Concat(parameters)
            .Select(p => $"{TestSigner.Encode(p.Item1)}={TestSigner.Encode(p.Item2)}"));
        var body = Encoding.UTF8.GetBytes(form);
        var now = (time ?? TimeProvider.System).GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.Add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        request.Headers.TryAddWithoutValidation("X-Amz-Date", TestSigner.Stamp(now));
        request.Headers.TryAddWithoutValidation("Authorization", _signer.Authorization(
            "POST", "", [("host", new Uri(url).Authority), ("x-amz-date", TestSigner.Stamp(now))], body, now));
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>SendEmail with a short text; gives the MessageId, or the error as <c>Code: text</c>.</summary>
    public async Task<string> SendAsync(string source, string to, string subject = "Hello") => (await TrySendAsync(source, to, subject)).Answer;

    /// <summary>The same, with the status.</summary>
    public async Task<(int Status, string Answer)> TrySendAsync(string source, string to, string subject)
    {
        var (status, body) = await CallAsync(
            "SendEmail", ("Source", source), ("Destination.ToAddresses.member.1", to), ("Message.Subject.Data", subject),
            ("Message.Body.Text.Data", "Text"));
        return (status, Answer().Match(body) is { Success: true } answer ? answer.Groups[1].Value
            : $"{Code().Match(body).Groups[1].Value}: {Message().Match(body).Groups[1].Value}");
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<MessageId>(.*)</MessageId>")]
    private static partial Regex Answer();

    [GeneratedRegex("<Code>(.*)</Code>")]
    private static partial Regex Code();

    [GeneratedRegex("<Message>(.*)</Message>", RegexOptions.Singleline)]
    private static partial Regex Message();
}
