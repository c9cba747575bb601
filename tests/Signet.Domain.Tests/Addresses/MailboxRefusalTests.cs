using System.Text.RegularExpressions;
using Signet.Addresses;

namespace Signet.Tests.Addresses;

public sealed class MailboxRefusalTests
{
    /// <summary>Read from <c>Cases/refused.txt</c>: text, problem.</summary>
    public static TheoryData<string, string> Refused()
    {
        var data = new TheoryData<string, string>();
        var problem = "";
        foreach (var line in File.ReadLines(Path.Combine(Golden.Folder(), "refused.txt")).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line.StartsWith("    |", StringComparison.Ordinal))
            {
                data.Add(Regex.Unescape(line[5..^1]), problem);
            }
            else
            {
                problem = Regex.Unescape(line);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_malformed_address_is_refused_in_the_words_of_ses(string text, string wanted)
    {
        var parsed = Mailbox.TryParse(text, out var mailbox, out var problem);

        Assert.Equal(wanted, problem);
        Assert.False(parsed);
        Assert.Null(mailbox);
    }

    [Theory]
    [InlineData("a@x.test, Karen, b@x.test", "Missing final '@domain'")]
    [InlineData("a@x.test, Team: b c@x.test;", "Local address contains control or whitespace")]
    [InlineData("Team: a@x.test, b@x.test", "Local address contains illegal character")]
    [InlineData("Team: a@x.test; b@x.test;", "Illegal semicolon, not in group")]
    [InlineData("A: B: x@d.test;;", "Nested group")]
    public void One_malformed_address_refuses_the_whole_list(string text, string wanted)
    {
        Assert.False(Mailbox.TryParseList(text, out var mailboxes, out var problem));
        Assert.Equal(wanted, problem);
        Assert.Null(mailboxes);
    }

    [Fact]
    public void A_mailbox_may_have_320_characters_in_the_form_name_and_address()
    {
        var name = new string('n', 320 - " <x@d.test>".Length);

        Assert.Null(Parse($"{name} <x@d.test>").LengthProblem());
        Assert.Equal(
            $"Address length is more than 320 characters long: '{name}n <x@d.test>'.", Parse($"{name}n <x@d.test>").LengthProblem());
    }

    [Fact]
    public void A_bare_address_may_have_320_characters()
    {
        var local = new string('x', 320 - "@d.test".Length);

        Assert.Null(Parse($"{local}@d.test").LengthProblem());
        Assert.Equal($"Address length is more than 320 characters long: '{local}x@d.test'.", Parse($"{local}x@d.test").LengthProblem());
    }

    [Fact]
    public void A_text_that_is_far_too_long_for_a_mailbox_is_not_read()
    {
        var comment = new string('c', 100_000);

        Assert.False(Mailbox.TryParse($"x@d.test ({comment})", out _, out var problem));

        Assert.StartsWith("Address length is more than 320 characters long: 'x@d.test (ccc", problem, StringComparison.Ordinal);
        Assert.InRange(problem.Length, 0, 1_100);
    }

    [Fact]
    public void A_member_of_a_list_may_not_be_padded_with_comments()
    {
        Assert.True(Mailbox.TryParseList($"x@d.test (a) ({new string('c', 100_000)})", out var padded, out _));

        Assert.StartsWith("Address length is more than 320 characters long: '", padded[0].LengthProblem(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_text_of_a_mailbox_reads_back_as_its_address()
    {
        var name = string.Concat(Enumerable.Repeat("=?utf-8?q?=F0=9F=98=80?= ", 100));
        var mailbox = Parse($"{name}<x@d.test>");

        Assert.Null(mailbox.LengthProblem());
        Assert.Equal("x@d.test", mailbox.ToShortText());
        Assert.Equal("Shop <x@d.test>", Parse("Shop <x@d.test>").ToShortText());
    }

    private static Mailbox Parse(string text)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox, out var problem), problem);
        return mailbox;
    }
}
