using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Signet.Server.Tests.EndToEnd;
using Signet.Server.Tests.Ses;

namespace Signet.Server.Tests.Clients;

/// <summary>
/// The calls of Terraform's AWS provider for <c>aws_ses_domain_identity</c> and <c>aws_ses_identity_policy</c>, replayed: the provider
/// itself comes from a registry of its own. They follow terraform-provider-aws 6, <c>internal/service/ses</c>: <c>domain_identity.go</c>,
/// <c>identity_policy.go</c>, and <c>email_identity.go</c> for how attributes are looked up.
/// </summary>
public sealed class TerraformTests
{
    private const string Owner = "111122223333";
    private const string Delegate = "444455556666";
    private const string Domain = "shop.test";
    private const string Policy = "partner";
    private const string Arn = $"arn:aws:ses:us-east-1:{Owner}:identity/{Domain}";

    [Fact]
    public async Task Terraform_makes_reads_changes_and_removes_a_domain_and_its_policy()
    {
        await using var signet = await RunningSignet.StartAsync(null, "dev", "--strict", "--http", "127.0.0.1:0", "--smtp", "none");
        using var terraform = new GoSdk(signet.Url, Owner);
        var provider = new Provider(terraform);
        using var partner = new SesCaller(signet.Url, Delegate, "test");

        await provider.CreateAsync(Domain);
        await provider.PutAsync(Domain, Policy, Document("ses:SendEmail"));
        await provider.RefreshAsync(Domain, Policy, Document("ses:SendEmail"));

        // Terraform waits for no verification. Both domains have to be verified before the policy can be tried, in a sandbox the recipient's too.
        await Command.RunAsync("identity", "verify", Domain, "--account", Owner, "--now", "--data", signet.Data);
        await Command.RunAsync("identity", "verify", "client.test", "--account", Delegate, "--now", "--data", signet.Data);
        Assert.Contains("<MessageId>", await SendAsync(partner), StringComparison.Ordinal);

        await provider.PutAsync(Domain, Policy, Document("ses:SendRawEmail"));
        await provider.RefreshAsync(Domain, Policy, Document("ses:SendRawEmail"));
        Assert.Contains("<Code>AccessDenied</Code>", await SendAsync(partner), StringComparison.Ordinal);

        await provider.DeleteAsync(Domain, Policy);
        Assert.False(await provider.ExistsAsync(Domain));
    }

    [Fact]
    public async Task Terraform_sees_what_somebody_else_removed()
    {
        await using var signet = await RunningSignet.StartAsync(null, "dev", "--strict", "--http", "127.0.0.1:0", "--smtp", "none");
        using var terraform = new GoSdk(signet.Url, Owner);
        var provider = new Provider(terraform);
        await provider.CreateAsync(Domain);
        await provider.PutAsync(Domain, Policy, Document("ses:SendEmail"));

        await terraform.CallAsync("DeleteIdentityPolicy", ("Identity", Domain), ("PolicyName", Policy));

        Assert.Null(await provider.FindPolicyAsync(Domain, Policy));
        Assert.True(await provider.ExistsAsync(Domain));

        // Removing what is not there any more is no error: the provider treats none as "gone already".
        await provider.DeleteAsync(Domain, Policy);
        await terraform.CallAsync("DeleteIdentity", ("Identity", Domain));
        Assert.False(await provider.ExistsAsync(Domain));
    }

    /// <summary>As the provider writes a document: keys in order, and what HTML would mistake escaped.</summary>
    private static string Document(string action) =>
        $$$"""
        {"Statement":[{"Action":["{{{action}}}"],"Condition":{"StringEquals":{"ses:FromDisplayName":"Shop \u0026 Co"}},"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{{Delegate}}}:root"},"Resource":"{{{Arn}}}","Sid":"partner"}],"Version":"2012-10-17"}
        """;

    private static async Task<string> SendAsync(SesCaller ses) => (await ses.CallAsync(
        "SendEmail", ("Source", $"Shop & Co <news@{Domain}>"), ("SourceArn", Arn), ("Destination.ToAddresses.member.1", "c@client.test"),
        ("Message.Subject.Data", "Hello"), ("Message.Body.Text.Data", "Text"))).Body;

    /// <summary>The steps of the two resources, and what each expects of the answer.</summary>
    private sealed class Provider(GoSdk sdk)
    {
        /// <summary>Create: the domain, then the read that follows and takes the token from the attributes.</summary>
        public async Task CreateAsync(string domain)
        {
            await sdk.CallAsync("VerifyDomainIdentity", ("Domain", domain));
            Assert.NotEmpty((await FindAttributesAsync(domain))!.Element(GoSdk.Name("VerificationToken"))!.Value);
        }

        /// <summary>Create and update of a policy are the same call, followed by a read.</summary>
        public async Task PutAsync(string domain, string name, string document)
        {
            await sdk.CallAsync("PutIdentityPolicy", ("Identity", domain), ("Policy", document), ("PolicyName", name));
            await ShowsNoChangeAsync(domain, name, document);
        }

        /// <summary>What a plan reads first.</summary>
        public async Task RefreshAsync(string domain, string name, string document)
        {
            Assert.True(await ExistsAsync(domain));
            await ShowsNoChangeAsync(domain, name, document);
        }

        /// <summary>Destroy: the policy before the domain it depends on.</summary>
        public async Task DeleteAsync(string domain, string name)
        {
            await sdk.CallAsync("DeleteIdentityPolicy", ("Identity", domain), ("PolicyName", name));
            await sdk.CallAsync("DeleteIdentity", ("Identity", domain));
        }

        /// <summary>Whether the domain stays in the state: it goes when the answer has no attributes under exactly that name.</summary>
        public async Task<bool> ExistsAsync(string domain) => await FindAttributesAsync(domain) is not null;

        /// <summary>The document; null, and the policy goes from the state, when the answer lacks the name.</summary>
        public async Task<string?> FindPolicyAsync(string domain, string name) => GoSdk.Entry(
            await sdk.CallAsync("GetIdentityPolicies", ("Identity", domain), ("PolicyNames.member.1", name)), "Policies", name)?.Value;

        // A document that means the same is no change. Signet's is even the same text.
        private async Task ShowsNoChangeAsync(string domain, string name, string document)
        {
            var found = await FindPolicyAsync(domain, name);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(document), JsonNode.Parse(found!)), found);
        }

        private async Task<XElement?> FindAttributesAsync(string domain) => GoSdk.Entry(
            await sdk.CallAsync("GetIdentityVerificationAttributes", ("Identities.member.1", domain)), "VerificationAttributes", domain);
    }

    /// <summary>Calls as the AWS SDK for Go 2 does: it signs the headers of its retries and the length, and escapes a blank as a plus sign.</summary>
    private sealed class GoSdk(string url, string keyId) : IDisposable
    {
        // The provider's max_retries.
        private const int Attempts = 25;

        private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(200);

        private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip });
        private readonly TestSigner _signer = new(keyId, "test");

        public static XName Name(string name) => XName.Get(name, "http://ses.amazonaws.com/doc/2010-12-01/");

        /// <summary>The value of a map in an answer; null when the map lacks the key.</summary>
        public static XElement? Entry(XElement answer, string map, string key) =>
            answer.Descendants(Name(map)).Single().Elements(Name("entry")).SingleOrDefault(e => e.Element(Name("key"))!.Value == key)?.Element(Name("value"));

        /// <summary>Calls until it is not throttled, since a strict server takes one call a second of each action; any other error fails.</summary>
        public async Task<XElement> CallAsync(string action, params (string Name, string Value)[] parameters)
        {
            var form = string.Join('&', parameters.Append(("Action", action)).Append(("Version", "2010-12-01"))
                .OrderBy(p => p.Item1, StringComparer.Ordinal)
                .Select(p => $"{Escape(p.Item1)}={Escape(p.Item2)}"));
            var (body, invocation) = (Encoding.UTF8.GetBytes(form), $"{Guid.NewGuid()}");
            for (var attempt = 1; ; attempt++)
            {
                var (status, answer) = await TryCallAsync(body, invocation, attempt);
                if (status == HttpStatusCode.OK)
                {
                    Assert.Equal(Name($"{action}Response"), answer.Name);
                    return answer;
                }

                Assert.True(answer.Descendants(Name("Code")).Single().Value == "Throttling" && attempt < Attempts, $"{action}: {answer}");
                await Task.Delay(Backoff, TestContext.Current.CancellationToken);
            }
        }

        public void Dispose() => _http.Dispose();

        private async Task<(HttpStatusCode Status, XElement Answer)> TryCallAsync(byte[] body, string invocation, int attempt)
        {
            var now = TimeProvider.System.GetUtcNow();
            (string Name, string Value)[] own =
            [
                ("Amz-Sdk-Invocation-Id", invocation), ("Amz-Sdk-Request", $"attempt={attempt}; max={Attempts}"), ("X-Amz-Date", TestSigner.Stamp(now)),
            ];
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.Add("Content-Type", "application/x-www-form-urlencoded");
            request.Headers.UserAgent.ParseAdd("APN/1.0 HashiCorp/1.0 Terraform/1.14.0 terraform-provider-aws/6.36.0 aws-sdk-go-v2/1.41.0 api/ses#1.34.0");
            foreach (var (name, value) in own)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            request.Headers.TryAddWithoutValidation("Authorization", _signer.Authorization(
                "POST",
                "",
                [("host", new Uri(url).Authority), ("content-length", $"{body.Length}"), ("content-type", "application/x-www-form-urlencoded"), .. own],
                body,
                now));
            using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            return (response.StatusCode, XElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        }

        private static string Escape(string text) => TestSigner.Encode(text).Replace("%20", "+", StringComparison.Ordinal);
    }
}
