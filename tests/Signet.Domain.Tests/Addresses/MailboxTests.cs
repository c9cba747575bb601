using System.Diagnostics;
using System.Text;
using CsCheck;
using Signet.Addresses;

namespace Signet.Tests.Addresses;

public sealed class MailboxTests
{
    [Theory]
    [InlineData("x@d.test", null, "x@d.test")]
    [InlineData("  x@d.test\t", null, "x@d.test")]
    [InlineData("<x@d.test>", null, "x@d.test")]
    [InlineData("x@localhost", null, "x@localhost")]
    [InlineData("x@XN--BCHER-KVA.test", null, "x@xn--bcher-kva.test")]
    [InlineData("Local.Part+label@D.test", null, "Local.Part+label@d.test")]
    [InlineData("Shop <x@d.test>", "Shop", "x@d.test")]
    [InlineData("Shop<x@d.test>", "Shop", "x@d.test")]
    [InlineData("The Shop <x@d.test>", "The Shop", "x@d.test")]
    [InlineData("Dr. No <x@d.test>", "Dr. No", "x@d.test")]
    [InlineData("\"Shop, Inc.\" <x@d.test>", "Shop, Inc.", "x@d.test")]
    [InlineData("\"a \\\"b\\\" \\\\ c\" <x@d.test>", "a \"b\" \\ c", "x@d.test")]
    [InlineData("\"\" <x@d.test>", null, "x@d.test")]
    [InlineData("x@d.test (Shop)", "Shop", "x@d.test")]
    [InlineData("x@d.test (Shop (Ltd))", "Shop (Ltd)", "x@d.test")]
    [InlineData("(old) Shop <x@d.test>", "Shop", "x@d.test")]
    [InlineData("x(comment)@d.test", "comment", "x@d.test")]
    [InlineData("b@y.test <x@d.test>", "b@y.test", "x@d.test")]
    [InlineData("B\u00fccher <x@d.test>", "B\u00fccher", "x@d.test")]
    [InlineData("=?utf-8?q?B=C3=BCcher?= <x@d.test>", "B\u00fccher", "x@d.test")]
    [InlineData("\"=?iso-8859-1?Q?B=FCcher_?= =?utf-8?B?4oKs?=\" <x@d.test>", "B\u00fccher \u20ac", "x@d.test")]
    [InlineData("=?utf-8?q?a=0D=0ABcc=3A_b?= <x@d.test>", "a Bcc: b", "x@d.test")]
    [InlineData("Boss  \t Man <x@d.test>", "Boss Man", "x@d.test")]
    [InlineData("Boss (c) Man <x@d.test>", "Boss Man", "x@d.test")]
    [InlineData("=?utf-8?q?Boss_?= =?utf-8?q?_Man?= <x@d.test>", "Boss Man", "x@d.test")]
    [InlineData("\"a b\"@d.test", null, "\"a b\"@d.test")]
    [InlineData("\"a@b\"@d.test", null, "\"a@b\"@d.test")]
    [InlineData("\"a\\\"b\"@d.test", null, "\"a\\\"b\"@d.test")]
    [InlineData("x@d.test,", null, "x@d.test")]
    public void One_mailbox_is_read(string text, string? name, string address)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox, out var problem), problem);
        Assert.Equal(name, mailbox.DisplayName);
        Assert.Equal(address, mailbox.Address.ToString());
    }

    [Theory]
    [InlineData("=?utf-8?q?boss?=@d.test")]
    [InlineData("\"=?utf-8?B?Ym9zcw==?=\"@d.test")]
    [InlineData("x=?utf-8?Q?boss?=y <=?us-ascii?q?boss?=@d.test>")]
    public void An_encoded_word_is_no_local_part(string text)
    {
        Assert.False(Mailbox.TryParse(text, out _, out var problem));
        Assert.Equal("Local address contains an encoded word", problem);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" , ,", "")]
    [InlineData("a@x.test", "a@x.test")]
    [InlineData("a@x.test, \"B, C\" <b@x.test> ,c@x.test", "a@x.test|\"B, C\" <b@x.test>|c@x.test")]
    [InlineData("a@x.test,,b@x.test,", "a@x.test|b@x.test")]
    [InlineData("Team: a@x.test, B <b@x.test>;", "a@x.test|B <b@x.test>")]
    [InlineData("z@x.test, \"A; team\": a@x.test;, B: b@x.test, c@x.test;", "z@x.test|a@x.test|b@x.test|c@x.test")]
    [InlineData("undisclosed-recipients:;", "")]
    [InlineData("A (;): a@x.test (;), \";\"@x.test;", "a@x.test (;)|\";\"@x.test")]
    public void The_members_of_groups_count_one_by_one(string text, string wanted)
    {
        Assert.True(Mailbox.TryParseList(text, out var mailboxes, out var problem), problem);
        Assert.Equal(wanted, string.Join('|', mailboxes.Select(m => m.AsWritten)));
    }

    [Fact]
    public void A_list_is_read_no_further_than_its_limit()
    {
        var limit = new MailboxLimit("Reader", 3);

        Assert.True(Mailbox.TryParseList("a@x.test, Team: b@x.test, c@x.test;", limit, out var three, out _));
        Assert.Equal(3, three.Count);
        Assert.False(Mailbox.TryParseList("a@x.test, Team: b@x.test, c@x.test; d@x.test, (", limit, out _, out var problem));
        Assert.Equal("Reader count exceeds 3.", problem);
    }

    [Theory]
    [InlineData(" Shop  <X@D.test> ", "Shop  <X@D.test>")]
    [InlineData("\"Shop, Inc.\" <x@d.test>", "\"Shop, Inc.\" <x@d.test>")]
    [InlineData("=?iso-8859-1?Q?B=FCcher?= <x@d.test>", "=?iso-8859-1?Q?B=FCcher?= <x@d.test>")]
    [InlineData("b@y.test <x@d.test>", "\"b@y.test\" <x@d.test>")]
    [InlineData("\"x\"@d.test", "x@d.test")]
    [InlineData("Shop <\"x\\y\"@d.test>", "\"Shop\" <xy@d.test>")]
    [InlineData("\"a b\"@d.test", "\"a b\"@d.test")]
    [InlineData("x@d.test (A \"B\")", "\"A B\" <x@d.test>")]
    [InlineData("(old) Shop <x@d.test>", "\"Shop\" <x@d.test>")]
    [InlineData("B\u00fccher <x@d.test>", "=?UTF-8?Q?B=C3=BCcher?= <x@d.test>")]
    [InlineData("\u00fc@d.test <x@d.test>", "=?UTF-8?Q?=C3=BC=40d=2Etest?= <x@d.test>")]
    public void Header_text_is_what_was_written_unless_a_header_cannot_hold_it(string text, string wanted)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox, out _));
        Assert.Equal(wanted, mailbox.ToHeaderText());
    }

    [Fact]
    public void A_header_text_names_the_same_mailbox_and_is_ascii()
    {
        Gen.Select(Gen.String[Gen.Char[" aB.,;:<>()[]@\"\\\u00fc\u20ac\ud83d\ude00=?"], 0, 40], Gen.Bool).Sample((name, quoted) =>
        {
            var text = quoted
                ? $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" <x@d.test>"
                : $"{name} <x@d.test>";
            if (Mailbox.TryParse(text, out var mailbox, out _))
            {
                var header = mailbox.ToHeaderText();

                Assert.True(Ascii.IsValid(header));
                Assert.True(Mailbox.TryParse(header, out var again, out var problem), problem);
                Assert.Equal(mailbox.Address, again.Address);
                Assert.Equal(Replaced(mailbox.DisplayName), again.DisplayName);
            }
            else
            {
                Assert.False(quoted);
            }
        });

        // Half a surrogate pair becomes the replacement character when it is encoded.
        static string? Replaced(string? text) => text is null ? null : string.Concat(text.EnumerateRunes());
    }

    [Fact]
    public void Any_text_is_a_mailbox_or_has_a_problem()
    {
        var noise = Gen.String[Gen.Char["ab.@@,;:<>()[]\"\\ \t\r\n\0\u00fc="], 0, 60];
        var nearly = Gen.Select(Gen.String[Gen.Char["a <(\""], 0, 2], Gen.String[Gen.Char["b >),;\t"], 0, 2], (head, tail) => $"{head}a@b{tail}");
        Gen.OneOf(noise, nearly).Sample(text =>
        {
            Assert.Equal(Mailbox.TryParse(text, out var mailbox, out var problem), problem is null);
            Assert.Equal(Mailbox.TryParseList(text, out var mailboxes, out var listProblem), listProblem is null);
            Assert.All((mailboxes ?? []).Append(mailbox).OfType<Mailbox>(), AssertSafe);
        });

        static void AssertSafe(Mailbox mailbox)
        {
            var all = $"{mailbox.ToHeaderText()}{mailbox.AsWritten}{mailbox.DisplayName}{mailbox.Address}";
            Assert.DoesNotContain(all, c => c is '\r' or '\n' or '\0');
            Assert.True(Ascii.IsValid(mailbox.ToHeaderText()));
        }
    }

    [Theory]
    [InlineData("(")]
    [InlineData("\"")]
    [InlineData("<")]
    [InlineData("a:")]
    [InlineData("a:;")]
    [InlineData("a: b;,")]
    [InlineData(",")]
    [InlineData("\\")]
    [InlineData("=?a")]
    [InlineData("=?utf-8?b?")]
    [InlineData("a@b,")]
    [InlineData("a.")]
    public void Hostile_text_is_read_in_linear_time(string piece)
    {
        // Quadratic work on 200,000 pieces would take minutes.
        var text = string.Concat(Enumerable.Repeat(piece, 200_000));
        var clock = Stopwatch.StartNew();

        _ = Mailbox.TryParseList(text, out _, out _);
        _ = Mailbox.TryParse($"\"{text.Replace("\"", "", StringComparison.Ordinal)} \" <x@d.test>", out _, out _);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }
}
