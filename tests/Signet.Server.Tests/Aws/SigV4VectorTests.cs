using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Signet.Accounts;
using Signet.Names;
using Signet.Server.Aws;
using Signet.Server.Ses;
using Signet.Server.Tests.Ses;

namespace Signet.Server.Tests.Aws;

/// <summary>Signatures that others made: AWS's published example, and requests signed by botocore 1.43 for this service.</summary>
public sealed class SigV4VectorTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly AccessKey Key = new("AKIAEXAMPLEOWNER0001", new Principal(AccountId.Parse("111122223333"), null), "owner/secret+key", At, null);

    [Fact]
    public void The_test_signer_signs_as_the_published_test_suite_does()
    {
        var signer = new TestSigner("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service");

        var authorization = signer.Authorization(
            "GET", "", [("host", "example.amazonaws.com"), ("x-amz-date", "20150830T123600Z")], [], new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));

        Assert.EndsWith("Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", authorization, StringComparison.Ordinal);
    }

    [Fact]
    public void A_canonical_request_is_the_one_of_the_published_example()
    {
        var headers = new HeaderDictionary
        {
            ["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8",
            ["Host"] = "iam.amazonaws.com",
            ["X-Amz-Date"] = "20150830T123600Z",
        };
        const string query = "Action=ListUsers&Version=2010-05-08";

        var canonical = CanonicalRequest.Build(
            new RequestHead("GET", "/", query, headers),
            FormEncoding.Decode(Encoding.ASCII.GetBytes(query)),
            ["content-type", "host", "x-amz-date"],
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        Assert.Equal("f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59", hash);
    }

    [Fact]
    public Task A_signed_form_of_botocore_verifies() => VerifiesAsync(
        "POST", "/", "", "eu-west-1", "content-type;host;x-amz-date",
        "bd535d9998c0b59f42e0a190365fc44cecb4d81032efc25ad2c5a1e80c4b2544",
        "Action=GetSendQuota&Version=2010-12-01");

    [Fact]
    public Task A_signed_query_of_botocore_verifies() => VerifiesAsync(
        "GET", "/", "Version=2010-12-01&Action=GetIdentityPolicies&PolicyNames.member.1=a%20b%2Bc&Identity=caf%C3%A9.test", "us-east-1",
        "host;x-amz-date", "83703580a1d7cefcf053c8bb87a41862a383b68c5a870a05090efc16aaad0339", "");

    [Fact]
    public Task A_path_is_normalised_and_encoded_as_botocore_does() => VerifiesAsync(
        "PUT", "/v2/email/./identities//a%40b.test/../x%20y/", "", "us-east-1",
        "host;x-amz-date", "efda0d3b5356f6ba3fcfbfbc0fe7f5ea52030ab78a6bcefd8a335340dc2aca09", "{}");

    [Fact]
    public async Task A_presigned_url_of_botocore_verifies()
    {
        const string query = "Action=GetSendQuota&Version=2010-12-01&X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=AKIAEXAMPLEOWNER0001%2F20260115%2Fus-east-1%2Fses%2Faws4_request&X-Amz-Date=20260115T120000Z"
            + "&X-Amz-Expires=3600&X-Amz-SignedHeaders=host"
            + "&X-Amz-Signature=05bfe4ba0f6a49565ed21194b0eec22c8e15f3f78e9e8983f6cee7a028aa7c31";

        var who = await AuthenticateAsync(new RequestHead("GET", "/", query, new HeaderDictionary { ["Host"] = "ses.example.com:8025" }), "");

        Assert.Equal(new Authenticated(Key.Owner, Region.Default), who);
    }

    private static async Task VerifiesAsync(
        string method, string path, string query, string region, string signedHeaders, string signature, string body)
    {
        var headers = new HeaderDictionary
        {
            ["Host"] = "ses.example.com:8025",
            ["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8",
            ["User-Agent"] = "Boto3/1.43  md/Botocore",
            ["X-Amz-Date"] = "20260115T120000Z",
            ["Authorization"] = $"AWS4-HMAC-SHA256 Credential={Key.Id}/20260115/{region}/ses/aws4_request, SignedHeaders={signedHeaders}, Signature={signature}",
        };

        var who = await AuthenticateAsync(new RequestHead(method, path, query, headers), body);

        Assert.Equal(new Authenticated(Key.Owner, Region.Parse(region)), who);
    }

    private static async Task<Authenticated> AuthenticateAsync(RequestHead head, string body)
    {
        var signatures = new SigV4((id, _) => Task.FromResult(id == Key.Id ? Key : null), RegionSet.Aws, new FakeTimeProvider(At));
        var pending = await signatures.BeginAsync(head, signatures.Read(head), SesService.Names, "192.0.2.1", TestContext.Current.CancellationToken);
        return pending.Prove(Encoding.UTF8.GetBytes(body));
    }
}
