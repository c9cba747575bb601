using System.Security.Cryptography;
using System.Text;
using Signet.Addresses;
using Signet.Dkim;

namespace Signet.Tests.Dkim;

/// <summary>
/// Messages of all shapes, the same on every run: each kind of header block with each kind of body. Their line ends are CRLF, as those
/// of every stored message are.
/// </summary>
public static class DkimCorpus
{
    private static readonly string[] Headers =
    [
        "From: a@shop.test\r\n",
        "From: a@shop.test\r\nTo: b@client.test\r\nSubject: plain\r\nDate: Tue, 15 Sep 2015 12:00:00 +0000\r\nMessage-ID: <1@signet.test>\r\n",
        "FROM:a@shop.test\r\nsubject:no blank after the colon\r\nto:   many   blanks   \t in  \t the value   \r\n",
        "From: a@shop.test\r\nSubject: folded\r\n over\r\n\tthree lines  \r\nTo: b@client.test,\r\n\tc@client.test\r\n",
        "From: =?utf-8?b?Wm/Dqw==?= <a@shop.test>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?q?_aus_=C3=96?=\r\n",
        "From: a@shop.test\r\nSubject: 8-bit \u00fc\u00e9\u6587\r\n",
        "From: a@shop.test\r\nTo: b@client.test\r\nTo: c@client.test\r\nCc: d@client.test\r\nCc: e@client.test\r\n",
        "Received: from x by y; now\r\nReceived: from y by z; then\r\nFrom: a@shop.test\r\nX-Other: kept\r\n",
        "From: a@shop.test\r\nSubject:\r\nReply-To: \r\n",
        "From: a@shop.test\r\nSubject: " + new string('x', 980) + "\r\n",
        "From: a@shop.test\r\nReferences: " + string.Join("\r\n ", Enumerable.Range(0, 60).Select(i => $"<{i}.{new string('r', 50)}@ref.test>")) + "\r\n",
        "DKIM-Signature: v=1; a=rsa-sha256; d=other.test; s=x; h=from; bh=AAAA; b=BBBB\r\nFrom: a@shop.test\r\n",
        "List-Unsubscribe: <https://shop.test/u>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Id: News <news.shop.test>\r\nFrom: a@shop.test\r\n",
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n\tboundary=\"b\"\r\nContent-Transfer-Encoding: 8bit\r\nFrom: a@shop.test\r\n",
        "Sender: s@shop.test\r\nFrom: a@shop.test,\r\n b@shop.test\r\nSubject: two authors: and a colon\r\nIn-Reply-To: <1@client.test>\r\n",
    ];

    private static readonly string[] Bodies =
    [
        "",
        "\r\n",
        "\r\n\r\n\r\n",
        "one line without its end",
        "one line\r\n",
        "one line\r\n\r\n\r\n",
        "\r\n\r\nafter empty lines\r\n",
        "blanks at the end   \r\n \t \r\n",
        ".\r\n..\r\n.leading dots\r\n",
        "8-bit \u00e4\u00f6\u00fc \u65e5\u672c\u8a9e\r\n",
        new string('y', 998) + "\r\n" + new string('z', 998) + "\r\n",
        string.Concat(Enumerable.Range(0, 2000).Select(i => $"line {i}\r\n")),
        "--b\r\nContent-Type: text/plain\r\n\r\ntext\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\ninner\r\n--c--\r\n--b--\r\n",
        "From the start of a line\r\n>From quoted\r\n",
        "tab\tand nothing else\r\n\t",
        " \r\n",
        "a\r\n\r\n\r\nb",
        "=20=\r\n=3D\r\n",
        "\u00a0\r\n",
        string.Concat(Enumerable.Repeat("\r\n", 500)) + "x",
        "last line ends with blanks and no line end  ",
    ];

    /// <summary>Each message under a name that says where it comes from.</summary>
    public static IEnumerable<(string Name, byte[] Message)> Messages() =>
        from header in Headers.Index()
        from body in Bodies.Index()
        select ($"{header.Index:00}-{body.Index:00}", Encoding.UTF8.GetBytes($"{header.Item}\r\n{body.Item}"));

    /// <summary>A signing key for a domain, with the name and text of its DNS record.</summary>
    public static (SigningKey Key, string RecordName, string RecordText) NewKey(string domain)
    {
        using var rsa = RSA.Create(2048);
        var record = $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
        return (
            new SigningKey(DomainName.Parse(domain), "selector", rsa.ExportPkcs8PrivateKey()), $"selector._domainkey.{domain}", record);
    }
}
