using System.Text;
using CsCheck;
using Signet.Addresses;
using Signet.Messages;

namespace Signet.Tests.Messages;

public sealed class RawMessageTests
{
    private static readonly string Outgoing = Golden.Folder("Outgoing");
    private static readonly string Refused = Golden.Folder("Refused");

    public static TheoryData<string> OutgoingNames() => Golden.Names(Outgoing, "*.eml");

    public static TheoryData<string> RefusedNames() => Golden.Names(Refused, "*.eml");

    [Theory]
    [MemberData(nameof(OutgoingNames))]
    public void What_goes_out_is_what_came_in_but_for_what_ses_changes(string name)
    {
        var message = Read(File.ReadAllBytes(Path.Combine(Outgoing, name)));

        Assert.True(message.TryCheck(hasSource: true, hasDestinations: true, out var problem), problem);
        var outgoing = message.ToOutgoing(Stamps.Fixed, Source());

        Golden.Matches(Path.ChangeExtension(Path.Combine(Outgoing, name), ".out"), outgoing.Span);
        Assert.True(outgoing.Span.EndsWith(message.Body.Span));
    }

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public void A_message_that_ses_refuses_is_refused_in_its_words(string name)
    {
        var data = File.ReadAllBytes(Path.Combine(Refused, name));

        var accepted = RawMessage.TryRead(data, out var message, out var problem)
            && message.TryReadAddresses(out _, out problem)
            && message.TryCheck(hasSource: false, hasDestinations: false, out problem);

        Assert.False(accepted);
        Golden.Matches(Path.ChangeExtension(Path.Combine(Refused, name), ".problem"), problem + "\n");
    }

    [Theory]
    [InlineData("To: x@d.test", false, true, "Missing required header 'From'.")]
    [InlineData("To: x@d.test", true, false, null)]
    [InlineData("From: x@d.test", false, false, "Missing required header 'To'.")]
    [InlineData("From: x@d.test\r\nCc: x@d.test", false, false, "Missing required header 'To'.")]
    [InlineData("From: x@d.test", false, true, null)]
    [InlineData("From: x@d.test\r\nTo:", false, true, "Empty required header 'To'.")]
    [InlineData("From: x@d.test\r\nTo: \r\n \r\n", false, false, "Empty required header 'To'.")]
    [InlineData("From:\r\nTo: x@d.test", true, true, "Empty required header 'From'.")]
    [InlineData("Subject: none of them", true, true, null)]
    public void From_and_To_are_needed_unless_the_call_has_them(string header, bool hasSource, bool hasDestinations, string? wanted)
    {
        var message = Read(Encoding.ASCII.GetBytes(header + "\r\n\r\n"));

        Assert.Equal(wanted is null, message.TryCheck(hasSource, hasDestinations, out var problem));
        Assert.Equal(wanted, problem);
    }

    [Theory]
    [InlineData("content-type: text/plain\r\nContent-TYPE: text/plain", "Content-Type")]
    [InlineData("Message-Id: <a@d.test>\r\nMessage-Id: <a@d.test>", "Message-ID")]
    [InlineData("Date: a\r\nDate: b", "Date")]
    [InlineData("Return-Path: x@d.test\r\nReturn-Path: x@d.test", "Return-Path")]
    [InlineData("List-Unsubscribe-Post: a\r\nList-Unsubscribe-Post: a", "List-Unsubscribe-Post")]
    public void Most_fields_may_be_there_only_once(string header, string name)
    {
        var message = Read(Encoding.ASCII.GetBytes($"From: x@d.test\r\nTo: x@d.test\r\n{header}\r\n\r\n"));

        Assert.False(message.TryCheck(false, false, out var problem));
        Assert.Equal($"Duplicate header '{name}'.", problem);
    }

    [Fact]
    public void To_Cc_Bcc_Received_and_X_fields_may_be_repeated()
    {
        var fields = string.Concat(new[] { "To", "Cc", "Bcc", "X-Any" }.Select(n => $"{n}: a@d.test\r\n{n}: b@d.test\r\n"));
        var message = Read(Encoding.ASCII.GetBytes($"From: x@d.test\r\n{fields}Received: a\r\nReceived: b\r\n\r\n"));

        Assert.True(message.TryCheck(false, false, out var problem), problem);
        Assert.True(message.TryReadAddresses(out var addresses, out problem), problem);
        foreach (var list in new[] { addresses.To, addresses.Cc, addresses.Bcc })
        {
            Assert.Equal(["a@d.test", "b@d.test"], list.Select(m => m.AsWritten));
        }
    }

    [Fact]
    public void Addresses_are_looked_at_in_the_order_of_ses()
    {
        string[] fields = ["Sender", "Reply-To", "Return-Path", "Bcc", "Cc", "To", "From"];
        string[] addresses = ["@d", "x@", "<>", "(", ")", "a b@d", "a"];
        string[] problems =
        [
            "Missing local name", "Missing domain", "Empty address", "Missing ')'", "Missing '('",
            "Local address contains control or whitespace", "Missing final '@domain'",
        ];

        for (var last = 1; last <= fields.Length; last++)
        {
            var header = string.Concat(fields.Zip(addresses).Take(last).Select(f => $"{f.First}: {f.Second}\r\n"));

            Assert.False(Read(Encoding.ASCII.GetBytes(header)).TryReadAddresses(out _, out var problem));
            Assert.Equal(problems[last - 1], problem);
        }
    }

    [Fact]
    public void All_addresses_of_the_header_are_found()
    {
        var message = Read(
            """
            From: A <a@d.test>, b@d.test
            Sender: s@d.test
            To: Team: c@d.test,
              D <d@d.test>;, e@d.test
            CC: =?utf-8?q?=C3=9C?= <f@d.test>
            Bcc: g@d.test
            Reply-To: h@d.test
            Return-Path: <r@d.test>

            """u8.ToArray());

        Assert.True(message.TryReadAddresses(out var addresses, out var problem), problem);
        Assert.Equal(["A <a@d.test>", "b@d.test"], addresses.From.Select(m => m.AsWritten));
        Assert.Equal("s@d.test", addresses.Sender?.AsWritten);
        Assert.Equal(["c@d.test", "D <d@d.test>", "e@d.test"], addresses.To.Select(m => m.AsWritten));
        Assert.Equal("\u00dc", Assert.Single(addresses.Cc).DisplayName);
        Assert.Equal("g@d.test", Assert.Single(addresses.Bcc).AsWritten);
        Assert.Equal("h@d.test", Assert.Single(addresses.ReplyTo).AsWritten);
        Assert.Equal("r@d.test", addresses.ReturnPath?.Address.ToString());
    }

    [Theory]
    [InlineData("Subject: plain", "plain")]
    [InlineData("subject:  =?utf-8?B?w5w=?=\r\n =?utf-8?B?w5w=?=", "\u00dc\u00dc")]
    [InlineData("Subject: folded\r\n\tline", "folded line")]
    [InlineData("Subject: =?utf-8?q?a=00=0Ab?=", "a  b")]
    [InlineData("Subject:", "")]
    [InlineData("X-Other: a", "")]
    public void The_subject_is_decoded(string header, string wanted) =>
        Assert.Equal(wanted, Read(Encoding.ASCII.GetBytes(header + "\r\n\r\n")).Subject);

    [Fact]
    public void Eight_bit_fields_are_read_as_utf8_or_else_as_latin1()
    {
        Assert.Equal("\u00dc", Read([.. "Subject: "u8, 0xc3, 0x9c]).Subject);
        Assert.Equal("\u00dc", Read([.. "Subject: "u8, 0xdc]).Subject);
    }

    [Fact]
    public void Of_a_repeated_control_field_the_first_counts()
    {
        var message = Read("X-SES-Configuration-Set: one\r\nX-SES-CONFIGURATION-SET: two\r\n\r\n"u8.ToArray());

        Assert.Equal("one", message.Value("X-SES-CONFIGURATION-SET"));
    }

    [Fact]
    public void A_line_may_have_998_bytes_and_longer_ones_are_counted()
    {
        var header = "From: x@d.test\r\n\r\n";
        var line = new string('x', 998);

        Assert.Null(Lines($"{header}{line}\r\n{line}"));
        Assert.Equal("Line 4 has 999 bytes, 998 are allowed.", Lines($"{header}{line}\r\n{line}x\r\n")?.ToString());
        Assert.Equal("Line 3 has 1,998 bytes, 998 are allowed; one more line is too long.", Lines($"{header}{line}yy{line}\r\n\r\n{line}x")?.ToString());
        Assert.Equal(
            "Line 1 has 1,001 bytes, 998 are allowed; 2 more lines are too long.", Lines($"X: {line}\r\n{header}{line}y\r\n\r\n{line}x")?.ToString());

        static LongLines? Lines(string message) => Read(Encoding.ASCII.GetBytes(message)).LongLines;
    }

    [Fact]
    public void A_header_has_bounds()
    {
        static string Problem(int fields, int length)
        {
            var header = string.Concat(Enumerable.Repeat($"X-Field: {new string('x', length)}\r\n", fields));
            RawMessage.TryRead(Encoding.ASCII.GetBytes(header + "\r\n"), out _, out var problem);
            return problem ?? "none";
        }

        Assert.Equal("none", Problem(1000, 1));
        Assert.Equal("Message has more than 1000 header fields.", Problem(1001, 1));
        Assert.Equal("none", Problem(300, 850));
        Assert.Equal("Header section too long.", Problem(400, 850));
    }

    [Fact]
    public void Without_From_and_Source_nothing_can_go_out() =>
        Assert.Throws<ArgumentException>(() => Read("To: x@d.test\r\n\r\n"u8.ToArray()).ToOutgoing(Stamps.Fixed, null));

    [Fact]
    public void Bytes_with_good_line_ends_are_kept_and_not_copied()
    {
        var data = "From: x@d.test\r\n\r\nbody\r\n"u8.ToArray();

        Assert.True(Read(data).Content.Equals((ReadOnlyMemory<byte>)data));
    }

    [Fact]
    public void Any_bytes_are_a_message_or_have_a_problem()
    {
        Gen.String[Gen.Char["ab: \t\r\n\0\u00fc-;=\"/"], 0, 200].Sample(text =>
        {
            var data = Encoding.UTF8.GetBytes(text);

            Assert.Equal(RawMessage.TryRead(data, out var message, out var problem), problem is null);
            if (message is not null)
            {
                AssertCrLf(message.Content.Span);
                AssertCrLf(message.ToOutgoing(Stamps.Fixed, Source()).Span);
                Assert.Equal(text.Replace("\r\r\n", "\n", StringComparison.Ordinal).ReplaceLineEndings("\r\n"), Encoding.UTF8.GetString(message.Content.Span));
            }
        });

        static void AssertCrLf(ReadOnlySpan<byte> bytes)
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                Assert.True(bytes[i] != '\n' || (i > 0 && bytes[i - 1] == '\r'));
                Assert.True(bytes[i] != '\r' || (i + 1 < bytes.Length && bytes[i + 1] == '\n'));
            }
        }
    }

    [Fact]
    public void What_went_out_is_stable_when_it_comes_in_again()
    {
        Gen.String[Gen.Char["ab: \t\r\n"], 0, 100].Sample(text =>
        {
            if (RawMessage.TryRead(Encoding.UTF8.GetBytes($"Bcc: x@d.test\r\n{text}"), out var message, out _))
            {
                var once = message.ToOutgoing(Stamps.Fixed, Source());

                Assert.Equal(once.ToArray(), Read(once.ToArray()).ToOutgoing(Stamps.Fixed, Source()).ToArray());
            }
        });
    }

    private static Mailbox Source()
    {
        Assert.True(Mailbox.TryParse("B\u00fccher <source@example.com>", out var source, out _));
        return source;
    }

    private static RawMessage Read(byte[] data)
    {
        Assert.True(RawMessage.TryRead(data, out var message, out var problem), problem);
        return message;
    }
}
