using System.Buffers;
using System.Text;
using CsCheck;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Signet.Dkim;
using Signet.Messages;
using DkimSigner = Signet.Dkim.DkimSigner;

namespace Signet.Tests.Dkim;

public sealed class DkimSignerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task MimeKit_accepts_both_signatures_of_every_message_of_the_corpus()
    {
        var (customer, customerName, customerRecord) = DkimCorpus.NewKey("shop.test");
        var (server, serverName, serverRecord) = DkimCorpus.NewKey("signet.test");
        var verifier = new DkimVerifier(new Records(new() { [customerName] = customerRecord, [serverName] = serverRecord }));
        List<string> refused = [];
        var count = 0;

        foreach (var (name, message) in DkimCorpus.Messages())
        {
            byte[] signed = [.. DkimSigner.Sign(message, MessageLayout.Of(message), [customer, server], Noon), .. message];
            var read = await MimeMessage.LoadAsync(new MemoryStream(signed), TestContext.Current.CancellationToken);
            var signatures = read.Headers.Where(h => h.Id == HeaderId.DkimSignature).Take(2).ToList();
            Assert.Contains("d=shop.test", signatures[0].Value, StringComparison.Ordinal);
            Assert.Contains("d=signet.test", signatures[1].Value, StringComparison.Ordinal);
            foreach (var signature in signatures)
            {
                count++;
                if (!await verifier.VerifyAsync(read, signature, TestContext.Current.CancellationToken))
                {
                    refused.Add($"{name} {signature.Value[..40]}");
                }
            }
        }

        Assert.True(count >= 600);
        Assert.Empty(refused);
    }

    [Fact]
    public async Task MimeKit_accepts_the_signature_of_every_message_that_was_made_7_bit()
    {
        var (key, name, record) = DkimCorpus.NewKey("shop.test");
        var verifier = new DkimVerifier(new Records(new() { [name] = record }));
        var count = 0;

        foreach (var (message, content) in DkimCorpus.Messages())
        {
            if (Ascii.IsValid(content) || SevenBitMessage.Convert(content, out var converted) != SevenBitProblem.None)
            {
                continue;
            }

            byte[] signed = [.. DkimSigner.Sign(converted, MessageLayout.Of(converted), [key], Noon), .. converted.Span];
            var read = await MimeMessage.LoadAsync(new MemoryStream(signed), TestContext.Current.CancellationToken);
            var signature = read.Headers.First(h => h.Id == HeaderId.DkimSignature);
            Assert.True(await verifier.VerifyAsync(read, signature, TestContext.Current.CancellationToken), message);
            Assert.True(Ascii.IsValid(signed), message);
            count++;
        }

        Assert.InRange(count, 40, int.MaxValue);
    }

    [Fact]
    public void A_changed_message_is_noticed()
    {
        var (key, name, record) = DkimCorpus.NewKey("shop.test");
        var verifier = new DkimVerifier(new Records(new() { [name] = record }));
        var message = "From: a@shop.test\r\nSubject: x\r\n\r\nbody\r\n"u8.ToArray();
        var text = Encoding.ASCII.GetString([.. DkimSigner.Sign(message, MessageLayout.Of(message), [key], Noon), .. message]);

        Assert.True(Verifies(verifier, text));
        Assert.False(Verifies(verifier, text.Replace("\r\nbody", "\r\nBody", StringComparison.Ordinal)));
        Assert.False(Verifies(verifier, text.Replace("Subject: x", "Subject: y", StringComparison.Ordinal)));
        Assert.False(Verifies(verifier, text.Replace("Subject: x", "Subject: x\r\nSubject: x", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_field_is_folded_and_says_how_it_was_made()
    {
        var (key, _, _) = DkimCorpus.NewKey("shop.test");

        var message = "From: a@shop.test\r\nTo: b@client.test\r\n\r\nx"u8.ToArray();
        var field = Encoding.ASCII.GetString(DkimSigner.Sign(message, MessageLayout.Of(message), [key], Noon));

        Assert.StartsWith(
            "DKIM-Signature: v=1; a=rsa-sha256; q=dns/txt; c=relaxed/simple;\r\n\ts=selector; d=shop.test; t=1768478400;\r\n"
            + "\th=From:From:To:To:Subject:Date;\r\n\tbh=",
            field,
            StringComparison.Ordinal);
        Assert.EndsWith("\r\n", field, StringComparison.Ordinal);
        Assert.All(field.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
    }

    [Theory]
    [InlineData("Subject: x\r\n", "subject:x")]
    [InlineData("SUBJect \t:  a  \t b\r\n", "subject:a b")]
    [InlineData("A: X\r\n", "a:X")]
    [InlineData("B : Y\t\r\n\tZ  \r\n", "b:Y Z")]
    [InlineData("Empty:\r\n", "empty:")]
    [InlineData("Empty:  \r\n \r\n", "empty:")]
    public void A_header_is_relaxed_as_the_standard_says(string field, string relaxed) => Assert.Equal(relaxed, Relaxed(field));

    [Fact]
    public void Relaxing_a_relaxed_header_changes_nothing() =>
        Gen.String[Gen.Char["aB :\t\r\n;="], 0, 60].Sample(value =>
            Assert.Equal(Relaxed("X:" + value), Relaxed(Relaxed("X:" + value))));

    [Theory]
    [InlineData("", "\r\n")]
    [InlineData("\r\n\r\n", "\r\n")]
    [InlineData(" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n")]
    [InlineData("no end", "no end\r\n")]
    [InlineData("\r\na", "\r\na\r\n")]
    public void A_simple_body_ends_with_one_line_end(string body, string canonical) =>
        Assert.Equal(
            System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(canonical)),
            DkimCanonicalization.HashBody(Encoding.ASCII.GetBytes(body)));

    [Fact]
    public async Task One_key_signs_for_many_at_once()
    {
        var (key, name, record) = DkimCorpus.NewKey("shop.test");
        var verifier = new DkimVerifier(new Records(new() { [name] = record }));
        var message = "From: a@shop.test\r\n\r\nbody\r\n"u8.ToArray();

        var signed = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => DkimSigner.Sign(message, MessageLayout.Of(message), [key], Noon))));

        Assert.All(signed, s => Assert.True(Verifies(verifier, Encoding.ASCII.GetString([.. s, .. message]))));
    }

    private static string Relaxed(string field)
    {
        var output = new ArrayBufferWriter<byte>();
        DkimCanonicalization.WriteHeader(Encoding.ASCII.GetBytes(field), output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }

    private static bool Verifies(DkimVerifier verifier, string message)
    {
        var read = MimeMessage.Load(new MemoryStream(Encoding.ASCII.GetBytes(message)));
        return verifier.Verify(read, read.Headers.First(h => h.Id == HeaderId.DkimSignature), TestContext.Current.CancellationToken);
    }

    /// <summary>Public keys from a table instead of the DNS.</summary>
    private sealed class Records(Dictionary<string, string> records) : IDkimPublicKeyLocator
    {
        public AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancel = default) =>
            PublicKeyFactory.CreateKey(Convert.FromBase64String(records[$"{selector}._domainkey.{domain}"].Split("p=")[1]));

        public Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods, string domain, string selector, CancellationToken cancel = default) =>
            Task.FromResult(LocatePublicKey(methods, domain, selector, cancel));
    }
}
