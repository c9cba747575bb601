using System.Text;

namespace Signet.Bench.Load;

/// <summary>The requests that scenarios send, and what has to be set up for them.</summary>
internal static class Mail
{
    public const string Owner = "111122223333";
    public const string Delegate = "444455556666";

    private const string IdentityArn = $"arn:aws:ses:us-east-1:{Owner}:identity/example.com";

    private static string Text { get; } = string.Concat(Enumerable.Repeat("Your order is on its way to you.\n", 30));

    /// <summary>Verifies the owner's domain, and lets the delegate send with it.</summary>
    public static async Task AuthoriseAsync(Uri url, CancellationToken cancel)
    {
        const string policy =
            $$"""
            {"Version":"2012-10-17","Statement":[
              {"Sid":"Shop","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{Delegate}}:root"},
               "Action":["ses:SendEmail","ses:SendRawEmail"],"Resource":"{{IdentityArn}}",
               "Condition":{"StringLike":{"ses:FromAddress":"*@example.com"},"IpAddress":{"aws:SourceIp":"127.0.0.0/8"} } } ] }
            """;
        await HttpLoad.SendAsync(
            url, [SignedRequest.Of(url, Owner, ("Action", "VerifyDomainIdentity"), ("Domain", "example.com"))], 1, cancel);
        await HttpLoad.SendAsync(
            url,
            [
                SignedRequest.Of(
                    url, Owner, ("Action", "PutIdentityPolicy"), ("Identity", "example.com"), ("PolicyName", "shop"), ("Policy", policy)),
            ],
            1,
            cancel);
    }

    /// <summary>Has mail of the owner's domain signed with three RSA keys of 2048 bits, of which one is used.</summary>
    public static Task SignAsync(Uri url, CancellationToken cancel) => HttpLoad.SendAsync(
        url, [SignedRequest.Of(url, Owner, ("Action", "VerifyDomainDkim"), ("Domain", "example.com"))], 1, cancel);

    /// <summary>SendEmail by the delegate, 1 KB of text, each with a recipient and subject of its own.</summary>
    public static IReadOnlyList<byte[]> SendEmails(Uri url) =>
    [
        .. Enumerable.Range(0, 256).Select(n => SignedRequest.Of(
            url, Delegate,
            ("Action", "SendEmail"), ("Source", "Shop <orders@example.com>"), ("SourceArn", IdentityArn),
            ("Destination.ToAddresses.member.1", $"customer{n}@example.net"),
            ("Message.Subject.Data", $"Order {n}"), ("Message.Body.Text.Data", Text))),
    ];

    /// <summary>SendRawEmail by the owner, to as many domains.</summary>
    /// <param name="url">The server.</param>
    /// <param name="domains">How many.</param>
    /// <param name="size">Bytes of each message.</param>
    /// <param name="count">How many different requests.</param>
    public static IReadOnlyList<byte[]> SendRawEmails(Uri url, int domains, int size = 4_096, int count = 200) =>
    [
        .. Enumerable.Range(0, count).Select(n => SignedRequest.Of(
            url, Owner, ("Action", "SendRawEmail"), ("RawMessage.Data", Convert.ToBase64String(Raw(n, $"d{n % domains}.test", size))))),
    ];

    private static byte[] Raw(int n, string domain, int size)
    {
        var message = new StringBuilder(
            $"From: Shop <orders@example.com>\r\nTo: customer{n}@{domain}\r\nSubject: Order {n}\r\nMIME-Version: 1.0\r\n"
            + "Content-Type: text/plain; charset=us-ascii\r\n\r\n");
        while (message.Length < size)
        {
            message.Append("Your order is on its way to you, and will be there soon.\r\n");
        }

        return Encoding.ASCII.GetBytes(message.ToString());
    }
}
