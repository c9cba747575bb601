using System.Text;
using Signet.Addresses;
using Signet.Preflight;
using Signet.Tests.Fakes;

namespace Signet.Tests.Preflight;

public sealed class SenderRequirementsTests
{
    private const string Zone =
        """
        bounce.example.com TXT "v=spf1 ip4:192.0.2.1 -all"
        _dmarc.example.com TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
        example.com MX 10 mx.example.com
        """;

    private const string Fine =
        """
        From: Shop <news@example.com>
        To: reader@example.net
        Subject: News
        Date: Mon, 01 Jan 2024 00:00:00 +0000
        Message-ID: <1@example.com>
        List-Unsubscribe: <mailto:u@example.com>, <https://example.com/u>
        List-Unsubscribe-Post: List-Unsubscribe=One-Click
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary=b

        --b
        Content-Type: text/plain

        text
        --b
        Content-Type: text/html

        <p>html</p>
        --b--
        """;

    [Fact]
    public async Task A_message_that_has_all_that_is_asked_for_has_no_findings_but_good_ones()
    {
        var findings = await CheckAsync(Fine, Zone);

        Assert.All(findings, f => Assert.Equal(Severity.Good, f.Severity));
        Assert.Equal(
            [
                "SPF: record published", "SPF: aligned", "DKIM: signed and aligned", "DMARC: policy reject", "DMARC: can pass",
                "Replies: can be delivered", "From: one author", "One-click unsubscribe", "HTML: shown whole", "Text: beside the HTML",
            ],
            findings.Select(f => f.Title));
    }

    [Theory]
    [InlineData("", "SPF: no record", Severity.Problem)]
    [InlineData("bounce.example.com TXT \"v=spf10 -all\"", "SPF: no record", Severity.Problem)]
    [InlineData("bounce.example.com TXT \"v=spf1 -all\"\nbounce.example.com TXT \"v=spf1 a -all\"", "SPF: several records", Severity.Problem)]
    [InlineData("bounce.example.com TXT \"v=spf1 +all\"", "SPF: everybody may send", Severity.Problem)]
    [InlineData("bounce.example.com TXT \"v=spf1 all\"", "SPF: everybody may send", Severity.Problem)]
    [InlineData("bounce.example.com TXT \"v=spf1 a ?all\"", "SPF: says nothing of others", Severity.Warning)]
    [InlineData("bounce.example.com TXT \"v=spf1 a\"", "SPF: says nothing of others", Severity.Warning)]
    [InlineData("bounce.example.com TXT \"v=spf1 redirect=_spf.example.com\"", "SPF: record published", Severity.Good)]
    [InlineData("bounce.example.com TXT \"v=spf1 a mx ptr a:b a:c a:d mx:e include:f include:g exists:h a:i ~all\"", "SPF: too many look-ups", Severity.Problem)]
    [InlineData("bounce.example.com FAIL", "SPF: not known", Severity.Hint)]
    public async Task The_SPF_record_of_the_return_path_is_judged(string record, string title, Severity severity)
    {
        var zone = Zone.Replace("bounce.example.com TXT", "other.example.com TXT", StringComparison.Ordinal) + "\n" + record;

        var first = (await CheckAsync(Fine, zone)).First(f => f.Title.StartsWith("SPF", StringComparison.Ordinal));

        Assert.Equal((title, severity), (first.Title, first.Severity));
    }

    [Theory]
    [InlineData("", null, "DMARC: no record")]
    [InlineData("_dmarc.example.com TXT \"v=DMARC1; p=none; rua=mailto:x@example.com\"", null, "DMARC: policy none")]
    [InlineData("_dmarc.example.com TXT \"v=DMARC1; p=reject; sp=quarantine; rua=mailto:x@example.com\"", "news.example.com", "DMARC: policy quarantine")]
    [InlineData("_dmarc.example.com TXT \"v=DMARC1; p=reject; sp=quarantine; rua=mailto:x@example.com\"", null, "DMARC: policy reject")]
    [InlineData("_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n_dmarc.example.com TXT \"v=DMARC1; p=none\"", null, "DMARC: several records")]
    [InlineData("_dmarc.example.com TXT \"v=dmarc1; p=reject\"", null, "DMARC: no record")]
    [InlineData("_dmarc.example.com FAIL", null, "DMARC: not known")]
    [InlineData("_dmarc.com TXT \"v=DMARC1; p=quarantine; psd=y; rua=mailto:x@example.com\"", null, "DMARC: policy quarantine")]
    public async Task The_DMARC_record_is_looked_for_up_the_tree(string record, string? from, string title)
    {
        var message = Fine.Replace("news@example.com", $"news@{from ?? "example.com"}", StringComparison.Ordinal);

        var findings = await CheckAsync(message, Zone.Replace("_dmarc.", "_other.", StringComparison.Ordinal) + "\n" + record);

        Assert.Equal(title, findings.First(f => f.Title.StartsWith("DMARC", StringComparison.Ordinal)).Title);
    }

    [Theory]
    [InlineData("example.com", "", "DKIM: signed and aligned")]
    [InlineData("mail.example.com", "", "DKIM: signed and aligned")]
    [InlineData("mail.example.com", "adkim=s;", "DKIM: not aligned")]
    [InlineData("example.com", "adkim=s;", "DKIM: signed and aligned")]
    [InlineData("example.org", "", "DKIM: not aligned")]
    [InlineData("notexample.com", "", "DKIM: not aligned")]
    [InlineData(null, "", "DKIM: not signed")]
    public async Task A_signature_speaks_for_From_when_it_is_of_the_same_organization(string? dkim, string tags, string title)
    {
        var findings = await CheckAsync(Fine, Zone.Replace("p=reject;", "p=reject;" + tags, StringComparison.Ordinal), dkim: dkim);

        Assert.Equal(title, findings.Single(f => f.Title.StartsWith("DKIM", StringComparison.Ordinal)).Title);
    }

    [Fact]
    public async Task Lines_that_SMTP_does_not_allow_are_one_finding()
    {
        var findings = await CheckAsync(Fine.Replace("<p>html</p>", new string('x', 1_200) + "\n" + new string('x', 999), StringComparison.Ordinal), Zone);

        var finding = Assert.Single(findings, f => f.Title == "Lines: too long");
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.StartsWith("Line 18 has 1,200 bytes, 998 are allowed; one more line is too long.", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_that_the_message_came_with_counts()
    {
        var findings = await CheckAsync("DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=x; b=y\n" + Fine, Zone, dkim: null);

        Assert.Contains(findings, f => f.Title == "DKIM: signed and aligned");
    }

    [Theory]
    [InlineData("bounce.example.com", "example.org", "DMARC: can pass")]
    [InlineData("bounce.example.org", "example.com", "DMARC: can pass")]
    [InlineData("bounce.example.org", "example.org", "DMARC: cannot pass")]
    [InlineData(null, "example.com", "DMARC: can pass")]
    [InlineData(null, null, "DMARC: cannot pass")]
    public async Task One_of_the_two_has_to_speak_for_From(string? envelope, string? dkim, string title)
    {
        var findings = await CheckAsync(Fine, Zone + "\nbounce.example.org TXT \"v=spf1 -all\"", envelope, dkim);

        Assert.Contains(findings, f => f.Title == title);
    }

    [Fact]
    public async Task A_DNS_that_does_not_answer_leaves_everything_open_and_nothing_missing()
    {
        var findings = await CheckAsync(
            Fine, "bounce.example.com FAIL\n_dmarc.example.com FAIL\nexample.com FAIL\n_dmarc.mail.example.com FAIL", dkim: "mail.example.com");

        Assert.Equal(
            ["SPF: not known", "DKIM alignment: not known", "DMARC: not known", "DMARC: not known whether it can pass", "Replies: not known"],
            findings.Where(f => f.Severity != Severity.Good).Select(f => f.Title));
    }

    [Fact]
    public async Task Below_a_public_suffix_two_neighbours_are_two_organizations()
    {
        const string Suffix = "_dmarc.co.test TXT \"v=DMARC1; p=none; psd=y\"\na.co.test MX 1 mx.a.co.test";
        var message = Fine.Replace("news@example.com", "news@a.co.test", StringComparison.Ordinal);

        Assert.Contains(await CheckAsync(message, Suffix, dkim: "b.co.test"), f => f.Title == "DKIM: not aligned");
        Assert.Contains(await CheckAsync(message, Suffix, dkim: "mail.a.co.test"), f => f.Title == "DKIM: signed and aligned");
    }

    [Fact]
    public async Task A_long_name_is_asked_for_eight_times_at_most()
    {
        var dns = new FakeDns();

        await DmarcWalk.AtAsync(DomainName.Parse("a.b.c.d.e.f.g.h.i.j.example.com"), dns, TestContext.Current.CancellationToken);

        Assert.Equal(8, dns.Asked.Count);
        Assert.Equal("TXT _dmarc.a.b.c.d.e.f.g.h.i.j.example.com", dns.Asked.First());
        Assert.Contains("TXT _dmarc.f.g.h.i.j.example.com", dns.Asked);
        Assert.DoesNotContain("TXT _dmarc.e.f.g.h.i.j.example.com", dns.Asked);
    }

    [Theory]
    [InlineData("example.com MX 0 .", "Replies: refused")]
    [InlineData("example.com A 192.0.2.1", "Replies: can be delivered")]
    [InlineData("", "Replies: the domain has no MX or address")]
    public async Task Somebody_should_be_able_to_answer(string record, string title)
    {
        var findings = await CheckAsync(Fine, Zone.Replace("example.com MX 10 mx.example.com", record, StringComparison.Ordinal));

        Assert.Contains(findings, f => f.Title == title);
    }

    [Theory]
    [InlineData("From: Shop <news@example.com>", "From: a@example.com, b@example.com", "From: several authors")]
    [InlineData("From: Shop <news@example.com>", "From: nobody", "From: missing or not readable")]
    [InlineData("From: Shop <news@example.com>", "X: y", "From: missing or not readable")]
    [InlineData("From: Shop <news@example.com>", "From: a@example.com\nFrom: a@example.com", "From: there twice")]
    [InlineData("Date: Mon, 01 Jan 2024 00:00:00 +0000", "X: y", "Date: missing")]
    [InlineData("Message-ID: <1@example.com>", "Message-ID:", "Message-ID: missing")]
    [InlineData("Subject: News", "Subject:", "Subject: empty")]
    [InlineData("Subject: News", "X: y", "Subject: empty")]
    [InlineData("Subject: News", "Subject: N\u00e9ws", "Subject: 8-bit text")]
    [InlineData("Subject: News", "Subject: {{title}}", "Placeholder not filled in")]
    [InlineData("Subject: News", "Subject: a\nSubject: b", "Subject: there twice")]
    [InlineData("To: reader@example.net", "X: y", "To: missing")]
    [InlineData("List-Unsubscribe-Post: List-Unsubscribe=One-Click", "X: y", "One-click unsubscribe: half")]
    [InlineData("List-Unsubscribe-Post: List-Unsubscribe=One-Click", "List-Unsubscribe-Post: yes", "One-click unsubscribe: not as asked")]
    [InlineData("<https://example.com/u>", "<http://example.com/u>", "One-click unsubscribe: no https address")]
    [InlineData("\n\ntext\n", "\n\n\n", "Text: missing")]
    [InlineData("<p>html</p>", "<p>Dear {{name}}</p>", "Placeholder not filled in")]
    public async Task What_the_message_itself_lacks_is_told(string there, string instead, string title)
    {
        Assert.Contains(there, Fine, StringComparison.Ordinal);

        var findings = await CheckAsync(Fine.Replace(there, instead, StringComparison.Ordinal), Zone);

        Assert.NotEqual(Severity.Good, findings.Single(f => f.Title == title).Severity);
    }

    [Fact]
    public async Task A_message_for_one_reader_need_not_be_unsubscribed_from()
    {
        var message = string.Join('\n', Fine.Split('\n').Where(l => !l.StartsWith("List-", StringComparison.Ordinal)));

        Assert.Equal(Severity.Hint, (await CheckAsync(message, Zone)).Single(f => f.Title == "One-click unsubscribe: not there").Severity);
    }

    [Fact]
    public async Task HTML_that_Gmail_clips_is_told()
    {
        var message = Fine.Replace("<p>html</p>", string.Concat(Enumerable.Repeat("<p>some long text, line by line</p>\n", 4000)), StringComparison.Ordinal);

        Assert.Contains(await CheckAsync(message, Zone), f => f.Title == "HTML: clipped by Gmail");
    }

    [Theory]
    [InlineData(11, "Large")]
    [InlineData(26, "Too large")]
    public async Task A_large_message_is_told(int megabytes, string title)
    {
        var message = Fine + "\n" + string.Concat(Enumerable.Repeat(new string('x', 62) + "\n", megabytes * 1024 * 16));

        Assert.Contains(await CheckAsync(message, Zone), f => f.Title == title);
    }

    [Fact]
    public async Task What_cannot_be_sent_at_all_is_told_alone() =>
        Assert.Equal(["Cannot be sent"], (await CheckAsync("X: \0\n\nx", Zone)).Select(f => f.Title));

    private static Task<IReadOnlyList<Finding>> CheckAsync(
        string message, string zone, string? envelope = "bounce.example.com", string? dkim = "example.com") =>
        SenderRequirements.CheckAsync(
            new SenderFacts(
                Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")),
                envelope is null ? null : DomainName.Parse(envelope),
                dkim is null ? null : DomainName.Parse(dkim)),
            new FakeDns(zone),
            TestContext.Current.CancellationToken);
}
