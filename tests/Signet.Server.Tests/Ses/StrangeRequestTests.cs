using System.Net;
using CsCheck;
using Signet.Server.Ses;

namespace Signet.Server.Tests.Ses;

/// <summary>Whatever is asked, the answer is an answer of the API: never a 500, never silence.</summary>
public sealed class StrangeRequestTests
{
    private static readonly string[] Words =
    [
        "Source", "Destination", "ToAddresses", "member", "1", "2", "00", "-1", "99999999999", "Message", "Subject", "Data", "Charset", "Body",
        "Text", "Html", "RawMessage", "Destinations", "Tags", "Name", "Value", "Identity", "Identities", "PolicyName", "PolicyNames", "Policy",
        "Domain", "EmailAddress", "MaxItems", "NextToken", "IdentityType", "DkimEnabled", "Enabled", "SourceArn", "FromArn", "ReturnPathArn",
        "ReturnPath", "ReplyToAddresses", "ConfigurationSetName", "Version", "Action", "",
    ];

    private static readonly string[] Values =
    [
        "", "a", "a@shop.test", "shop.test", "true", "7", "-1", "2147483648", "arn:aws:ses:us-east-1:111122223333:identity/shop.test", "{", "{}",
        """{"Statement":[]}""", "RnJvbTogYUBzaG9wLnRlc3QNCg0K", "====", "\0", "\ud800", "\u0000\r\n", "utf-8", "utf-7", "%", "<x/>", "Domain", "\uffff",
    ];

    [Fact]
    public async Task A_signed_request_of_nonsense_is_refused_or_done()
    {
        await using var server = await SesTestServer.StartAsync(TestContext.Current.CancellationToken);
        var name = OneOf(Words).Array[1, 5].Select(words => string.Join('.', words));
        var pair = Gen.Select(name, OneOf(Values), (n, v) => (n, v));
        var requests = Gen.Select(OneOf([.. SesActions.All.Select(a => a.Name), "Nothing", ""]), pair.Array[0, 12]);

        await requests.SampleAsync(
            async (action, pairs) =>
            {
                var form = string.Join('&', pairs.Select(p => $"{Encode(p.n)}={Encode(p.v)}").Prepend($"Action={action}&Version=2010-12-01"));

                var reply = await server.PostAsync(SesTestServer.Owner, form, TestContext.Current.CancellationToken);

                Assert.True((int)reply.Status < 500, $"{form}: {reply.Status} {reply.Body}");
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public async Task A_request_of_random_bytes_is_refused()
    {
        await using var server = await SesTestServer.StartAsync(TestContext.Current.CancellationToken);

        await Gen.Byte.Array[0, 400].SampleAsync(
            async body =>
            {
                var reply = await server.PostAsync(SesTestServer.Owner, body, null, TestContext.Current.CancellationToken);

                Assert.InRange((int)reply.Status, 400, (int)HttpStatusCode.RequestEntityTooLarge);
            },
            iter: 200, threads: 1);
    }

    private static Gen<string> OneOf(string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    private static string Encode(string text) => WebUtility.UrlEncode(text.Replace("\ud800", "x", StringComparison.Ordinal));
}
