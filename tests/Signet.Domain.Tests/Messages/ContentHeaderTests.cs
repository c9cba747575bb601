using Signet.Messages;

namespace Signet.Tests.Messages;

public sealed class ContentHeaderTests
{
    [Theory]
    [InlineData("; charset=utf-8", "Expected MIME type, got ;")]
    [InlineData("", "Expected MIME type, got null")]
    [InlineData("text; charset=utf-8", "Expected '/', got ;")]
    [InlineData("text", "Expected '/', got null")]
    [InlineData("text/;", "Expected MIME subtype, got ;")]
    [InlineData("text/plain: charset=utf-8", "Expected ';', got \":\"")]
    [InlineData("text/plain charset=utf-8", "Expected ';', got \"charset\"")]
    [InlineData("text/plain; charset", "Expected '=', got 'null'")]
    [InlineData("text/plain; charset;", "Expected '=', got ';'")]
    [InlineData("text/plain; =utf-8", "Expected parameter name, got \"=\"")]
    [InlineData("text/plain; charset=", "Expected parameter value, got \"null\"")]
    [InlineData("text/plain; charset=;", "Expected parameter value, got \";\"")]
    [InlineData("text/plain; name=\u00fc.pdf", "Expected parameter value, got \"\u00fc\"")]
    [InlineData("text/plain; charset=\"utf-8", "Unbalanced quoted string")]
    [InlineData("text/plain (comment", "Unbalanced comments")]
    public void A_bad_content_type_is_refused_in_the_words_of_ses(string text, string wanted)
    {
        Assert.False(ContentHeader.TryParseType(text, out var header, out var problem));
        Assert.Equal(wanted, problem);
        Assert.Null(header);
    }

    [Theory]
    [InlineData("=?utf-8?q?attachment?=", "Expected disposition, got =")]
    [InlineData("", "Expected disposition, got null")]
    [InlineData("\"attachment\"", "Expected disposition, got attachment")]
    [InlineData("attachment filename=a.pdf", "Expected ';', got \"filename\"")]
    [InlineData("attachment; filename=a b.pdf", "Expected ';', got \"b.pdf\"")]
    public void A_bad_disposition_is_refused_in_the_words_of_ses(string text, string wanted)
    {
        Assert.False(ContentHeader.TryParseDisposition(text, out _, out var problem));
        Assert.Equal(wanted, problem);
    }

    [Theory]
    [InlineData("attachment; filename=a.pdf", "a.pdf")]
    [InlineData("attachment;filename = a.pdf ;", "a.pdf")]
    [InlineData("Attachment (c) ; (c) FILENAME=(c)\"a \\\"b\\\".pdf\" (c)", "a \"b\".pdf")]
    [InlineData("attachment; filename=\"=?utf-8?Q?=C3=9C.pdf?=\"", "\u00dc.pdf")]
    [InlineData("attachment; filename*=utf-8'en'%C3%9C.pdf", "\u00dc.pdf")]
    [InlineData("attachment; filename*=iso-8859-1''%DC.pdf; filename=U.pdf", "\u00dc.pdf")]
    [InlineData("attachment; filename=U.pdf; filename*=iso-8859-1''%DC.pdf", "\u00dc.pdf")]
    [InlineData("attachment; filename*1=c.pdf; filename*0=ab", "abc.pdf")]
    [InlineData("attachment; filename*0*=utf-8''%C3; filename*1*=%9C; filename*2=\"%41.pdf\"", "\u00dc%41.pdf")]
    [InlineData("attachment; filename*=plain.pdf", "plain.pdf")]
    [InlineData("attachment; filename*=run%2Eexe", "run.exe")]
    [InlineData("attachment; filename*=no-such-charset''%C3%9C.pdf", "\u00dc.pdf")]
    [InlineData("attachment; filename=a.pdf; filename=b.pdf", "b.pdf")]
    [InlineData("attachment; filename=\"\"", "")]
    [InlineData("attachment", null)]
    public void A_file_name_is_decoded(string text, string? wanted)
    {
        Assert.True(ContentHeader.TryParseDisposition(text, out var header, out var problem), problem);
        Assert.Equal("attachment", header.Value);
        Assert.Equal(wanted, header.Parameters.GetValueOrDefault("filename"));
    }
}
