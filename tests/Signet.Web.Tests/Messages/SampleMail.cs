using System.Text;

namespace Signet.Web.Tests.Messages;

/// <summary>Messages to look at, as bytes.</summary>
internal static class SampleMail
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC";

    /// <summary>What a shop sends: text, HTML with a picture that came with it and one that did not, an attachment.</summary>
    public static byte[] Order { get; } = Bytes(
        $"""
        From: Shop <news@shop.test>
        To: Ada <ada@example.net>
        Subject: Your order 1047 is on its way
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=m

        --m
        Content-Type: multipart/related; boundary=r

        --r
        Content-Type: multipart/alternative; boundary=a

        --a
        Content-Type: text/plain; charset=utf-8

        Your order 1047 left us today. Track it: https://shop.test/t/1047
        --a
        Content-Type: text/html; charset=utf-8

        <html><head><style>h1 {"{ font-family: Arial }"}</style></head><body><table width="600" align="center"><tr><td>
        <h1>On its way</h1><p>Your order <b>1047</b> left us today.</p><p><img src="cid:logo" alt="Shop" width="40" height="40"></p>
        <img src="https://cdn.shop.test/pixel.gif" alt=""><p><a href="https://shop.test/t/1047">Track it</a></p></td></tr></table></body></html>
        --a--
        --r
        Content-Type: image/png
        Content-Transfer-Encoding: base64
        Content-ID: <logo>

        {Pixel}
        --r--
        --m
        Content-Type: application/pdf; name="invoice 1047.pdf"
        Content-Disposition: attachment; filename="invoice 1047.pdf"
        Content-Transfer-Encoding: base64

        {Convert.ToBase64String("an invoice"u8)}
        --m--
        """);

    /// <summary>A message whose only part is this HTML.</summary>
    public static byte[] OfHtml(string html, string subject = "Hostile", string from = "app@example.com") => Bytes(
        $"""
        From: {from}
        To: you@example.net
        Subject: {subject}
        MIME-Version: 1.0
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: base64

        {Convert.ToBase64String(Encoding.UTF8.GetBytes(html), Base64FormattingOptions.InsertLineBreaks)}
        """);

    /// <summary>The text with the line ends of mail.</summary>
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n") + "\r\n");
}
