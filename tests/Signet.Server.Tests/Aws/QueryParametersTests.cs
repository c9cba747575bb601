using System.Text;
using CsCheck;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Aws;

public sealed class QueryParametersTests
{
    [Fact]
    public void Names_and_values_are_decoded_as_UTF8_with_plus_for_a_space()
    {
        var parameters = Parse("a%2Eb=caf%c3%A9+%2B%3d%26&empty=&bare&&c=1=2");

        Assert.Equal("café +=&", parameters.Root.Find("a")?.Find("b")?.Text);
        Assert.Equal(("", "", "1=2"), (parameters.Find("empty"), parameters.Find("bare"), parameters.Find("c")));
        Assert.Null(parameters.Find("absent"));
    }

    [Theory]
    [InlineData("a=%")]
    [InlineData("a=%4")]
    [InlineData("a=%4g")]
    [InlineData("%g4=a")]
    [InlineData("a=%+1")]
    [InlineData("a=%ff")]
    [InlineData("a=%c3")]
    [InlineData("a=%ed%a0%80")]
    [InlineData("a=%c0%80")]
    public void Broken_escapes_and_broken_UTF8_are_a_malformed_query_string(string form)
    {
        var error = Refused(() => Parse(form));

        Assert.Equal(("MalformedQueryString", 404), (error.Code, error.Status));
    }

    [Theory]
    [InlineData("a=1&a=2")]
    [InlineData("a=1&%61=1")]
    [InlineData("a.b=1&a.c=2&a.b=")]
    public void A_name_given_twice_is_refused(string form) => Assert.Equal("InvalidQueryParameter", Refused(() => Parse(form)).Code);

    [Fact]
    public void The_number_of_parameters_is_bounded()
    {
        var most = string.Join('&', Enumerable.Range(0, FormEncoding.MaxPairs).Select(i => $"p{i}"));

        Assert.NotNull(Parse(most).Find("p9999"));
        Assert.Equal("InvalidQueryParameter", Refused(() => Parse(most + "&one=more")).Code);
    }

    [Fact]
    public void The_depth_of_a_name_is_bounded()
    {
        var deepest = string.Join('.', Enumerable.Repeat("a", QueryParameters.MaxDepth));

        Assert.True(Parse(deepest).Root.HasMembers);
        Assert.Equal("InvalidQueryParameter", Refused(() => Parse(deepest + ".a")).Code);
    }

    [Theory]
    [InlineData("L.member.1=a&L.member.2=b", "a,b")]
    [InlineData("L.member.10=c&L.member.9=b&L.member.1=a", "a,b,c")]
    [InlineData("L.member.3=b&L.member.1=a", "a,b")]
    [InlineData("L=", "")]
    [InlineData("L=&L.member.1=a", "a")]
    public void A_list_is_in_the_order_of_its_numbers(string form, string elements) =>
        Assert.Equal(elements, string.Join(',', Parse(form).Root.Find("L")!.Elements().Select(e => e.Text)));

    [Theory]
    [InlineData("L=a")]
    [InlineData("L.1=a")]
    [InlineData("L.entry.1=a")]
    [InlineData("L.member=a")]
    [InlineData("L.member.0=a")]
    [InlineData("L.member.01=a")]
    [InlineData("L.member.-1=a")]
    [InlineData("L.member.x=a")]
    [InlineData("L.member.1=a&L.1=b")]
    [InlineData("L.member.1=a&L.member=b")]
    [InlineData("L.member.9999999999=a")]
    public void What_is_no_list_is_malformed(string form) =>
        Assert.Equal("MalformedInput", Refused(() => Parse(form).Root.Find("L")!.Elements()).Code);

    [Fact]
    public void Decoding_what_was_encoded_gives_it_back()
    {
        var text = Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['\u0080', '\ud7ff']), 0, 20];

        Gen.Select(text, text).List[0, 20].Sample(pairs =>
        {
            var form = string.Join('&', pairs.Select(p => $"{Encode(p.Item1)}={Encode(p.Item2)}"));

            var decoded = FormEncoding.Decode(Encoding.ASCII.GetBytes(form));

            Assert.Equal(pairs, decoded.Select(p => (Encoding.UTF8.GetString(p.Name.Span), Encoding.UTF8.GetString(p.Value.Span))));
        });

        static string Encode(string text)
        {
            var encoded = new StringBuilder();
            FormEncoding.AppendEncoded(encoded, Encoding.UTF8.GetBytes(text));
            return encoded.ToString();
        }
    }

    private static QueryParameters Parse(string form) => QueryParameters.Of(FormEncoding.Decode(Encoding.ASCII.GetBytes(form)));

    private static AwsError Refused(Action act) => Assert.Throws<AwsException>(act).Error;
}
