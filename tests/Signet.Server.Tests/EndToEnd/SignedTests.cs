using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

public sealed partial class SignedTests
{
    [Fact]
    public async Task Mail_of_a_domain_with_dkim_leaves_signed_and_other_mail_does_not()
    {
        await using var sink = SmtpSink.Start();
        await using var signet = await RunningSignet.StartAsync(
            null, "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", $"smtp://127.0.0.1:{sink.Port}");
        using var ses = new SesCaller(signet.Url, "111122223333", "test");
        await ses.CallAsync("VerifyDomainDkim", ("Domain", "signed.test"));
        await ses.CallAsync("VerifyDomainIdentity", ("Domain", "plain.test"));

        await ses.SendAsync("a@signed.test", "c@client.test", "signed");
        await ses.SendAsync("a@plain.test", "c@client.test", "plain");
        while (sink.Receipts.Count < 2)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Matches(Signature(), sink.Receipts.Single(r => r.Subject == "signed").Header);
        Assert.DoesNotMatch(Signature(), sink.Receipts.Single(r => r.Subject == "plain").Header);
    }

    [Fact]
    public async Task Where_the_server_has_a_domain_of_its_own_all_mail_is_signed_with_it_too()
    {
        using var rsa = RSA.Create(2048);
        var file = Path.Combine(Directory.CreateTempSubdirectory("signet-test-").FullName, "dkim.pem");
        await File.WriteAllTextAsync(file, rsa.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await using var sink = SmtpSink.Start();
        await using var signet = await RunningSignet.StartAsync(
            null, "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", $"smtp://127.0.0.1:{sink.Port}",
            "--dkim-domain", "signet.test", "--dkim-selector", "s1", "--dkim-key", file);
        using var ses = new SesCaller(signet.Url, "111122223333", "test");
        await ses.CallAsync("VerifyDomainDkim", ("Domain", "signed.test"));
        await ses.CallAsync("VerifyDomainIdentity", ("Domain", "plain.test"));

        await ses.SendAsync("a@signed.test", "c@client.test", "signed");
        await ses.SendAsync("a@plain.test", "c@client.test", "plain");
        while (sink.Receipts.Count < 2)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        var (both, one) = (sink.Receipts.Single(r => r.Subject == "signed"), sink.Receipts.Single(r => r.Subject == "plain"));
        Assert.Equal(["signed.test", "signet.test"], Signers().Matches(both.Header).Select(m => m.Groups[1].Value));
        Assert.Equal(["signet.test"], Signers().Matches(one.Header).Select(m => m.Groups[1].Value));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [GeneratedRegex(@"\sd=([a-z.]+);")]
    private static partial Regex Signers();

    [GeneratedRegex(@"^DKIM-Signature: v=1; a=rsa-sha256; q=dns/txt; c=relaxed/simple;\s+s=[a-z2-7]{32}; d=signed\.test;")]
    private static partial Regex Signature();
}
