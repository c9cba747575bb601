using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

public sealed partial class SignedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mail_of_a_domain_with_dkim_leaves_signed_and_other_mail_does_not()
    {
        var (signed, plain) = await HeadersAsync();

        Assert.Matches(Signature(), signed);
        Assert.DoesNotMatch(Signature(), plain);
    }

    [Fact]
    public async Task Where_the_server_has_a_domain_of_its_own_all_mail_is_signed_with_it_too()
    {
        using var rsa = RSA.Create(2048);
        var folder = Directory.CreateTempSubdirectory("signet-test-").FullName;
        var file = Path.Combine(folder, "dkim.pem");
        await File.WriteAllTextAsync(file, rsa.ExportPkcs8PrivateKeyPem(), Cancel);

        var (signed, plain) = await HeadersAsync("--dkim-domain", "signet.test", "--dkim-selector", "s1", "--dkim-key", file);

        Assert.Equal(["signed.test", "signet.test"], Signers().Matches(signed).Select(m => m.Groups[1].Value));
        Assert.Equal(["signet.test"], Signers().Matches(plain).Select(m => m.Groups[1].Value));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>What arrives of a message from a domain with Easy DKIM, and of one from a domain without.</summary>
    private static async Task<(string Signed, string Plain)> HeadersAsync(params string[] options)
    {
        await using var sink = SmtpSink.Start();
        await using var signet = await RunningSignet.StartAsync(
            null, ["dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", $"smtp://127.0.0.1:{sink.Port}", .. options]);
        using var ses = new SesCaller(signet.Url, "111122223333", "test");
        Assert.Equal(200, (await ses.CallAsync("VerifyDomainDkim", ("Domain", "signed.test"))).Status);
        Assert.Equal(200, (await ses.CallAsync("VerifyDomainIdentity", ("Domain", "plain.test"))).Status);
        await ses.SendAsync("a@signed.test", "c@client.test", "signed");
        await ses.SendAsync("a@plain.test", "c@client.test", "plain");
        await Eventually.TrueAsync(() => sink.Receipts.Count >= 2);
        return (sink.Receipts.Single(r => r.Subject == "signed").Header, sink.Receipts.Single(r => r.Subject == "plain").Header);
    }

    [GeneratedRegex(@"\sd=([a-z.]+);")]
    private static partial Regex Signers();

    [GeneratedRegex(@"^DKIM-Signature: v=1; a=rsa-sha256; q=dns/txt; c=relaxed/simple;\s+s=[a-z2-7]{32}; d=signed\.test;")]
    private static partial Regex Signature();
}
