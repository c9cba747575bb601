using System.Text;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Aws;

public sealed class ShapesTests
{
    private static readonly Member<string> Name = Member.Required("Name", Shapes.Text(2, 4));
    private static readonly Member<string?> Kind = Member.Optional("KindOfIt", Shapes.OneOf("One", "Two"));
    private static readonly Member<int?> Size = Member.OptionalValue("Size", Shapes.Number);
    private static readonly Member<bool?> On = Member.OptionalValue("On", Shapes.Flag);
    private static readonly Member<ReadOnlyMemory<byte>?> Data = Member.OptionalValue("Data", Shapes.Blob);
    private static readonly Member<string> Inner = Member.Required("Inner", Shapes.Text());
    private static readonly Member<Fields?> Part = Member.Optional("Part", new Structure(Inner));
    private static readonly Member<IReadOnlyList<Fields>?> Parts = Member.Optional("Parts", Shapes.ListOf(new Structure(Inner), 3));
    private static readonly Member<IReadOnlyList<string>?> Texts = Member.Optional("Texts", Shapes.ListOf(Shapes.Text()));
    private static readonly Structure Input = new(Name, Kind, Size, On, Data, Part, Parts, Texts);

    [Fact]
    public void Members_are_read_by_their_shapes()
    {
        var fields = Decode("Name=abc&KindOfIt=Two&Size=-7&On=true&Data=AAH/&Part.Inner=p&Parts.member.1.Inner=x&Parts.member.2.Inner=y&Texts=");

        Assert.Equal(("abc", "Two", -7, true), (fields.Get(Name), fields.Get(Kind), fields.Get(Size), fields.Get(On)));
        Assert.Equal([0, 1, 255], fields.Get(Data)?.ToArray());
        Assert.Equal("p", fields.Get(Part)?.Get(Inner));
        Assert.Equal(["x", "y"], fields.Get(Parts)?.Select(p => p.Get(Inner)));
        Assert.Equal([], fields.Get(Texts));
    }

    [Fact]
    public void Absent_members_are_null()
    {
        var fields = Decode("Name=abc&Unknown=ignored");

        Assert.Null(fields.Get(Kind));
        Assert.Null(fields.Get(Size));
        Assert.Null(fields.Get(On));
        Assert.Null(fields.Get(Data));
        Assert.Null(fields.Get(Part));
        Assert.Null(fields.Get(Parts));
    }

    [Theory]
    [InlineData("", "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null")]
    [InlineData("Name.Below=x", "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null")]
    [InlineData("Name=a", "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2")]
    [InlineData("Name=abcde", "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must have length less than or equal to 4")]
    [InlineData("Name=ab&KindOfIt=one", "1 validation error detected: Value at 'kindOfIt' failed to satisfy constraint: Member must satisfy enum value set: [One, Two]")]
    [InlineData("Name=ab&Part=", "1 validation error detected: Value null at 'part.inner' failed to satisfy constraint: Member must not be null")]
    [InlineData("Name=ab&Parts.member.1.Inner=x&Parts.member.2=", "1 validation error detected: Value null at 'parts.2.member.inner' failed to satisfy constraint: Member must not be null")]
    [InlineData("Name=ab&Parts.member.1=&Parts.member.2=&Parts.member.3=&Parts.member.4=", "1 validation error detected: Value at 'parts' failed to satisfy constraint: Member must have length less than or equal to 3")]
    [InlineData("Name=ab&Texts.member.1.x=", "1 validation error detected: Value null at 'texts.1.member' failed to satisfy constraint: Member must not be null")]
    [InlineData(
        "KindOfIt=Three&Part=",
        "3 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; Value at 'kindOfIt' failed to satisfy constraint: Member must satisfy enum value set: [One, Two]; Value null at 'part.inner' failed to satisfy constraint: Member must not be null")]
    public void All_that_is_wrong_is_told_in_one_answer_in_the_order_of_the_model(string form, string text) => Refused(form, "ValidationError", text);

    [Theory]
    [InlineData("Size=", "missing value for decimal type")]
    [InlineData("Size=ten", "")]
    [InlineData("Size=1.5", "")]
    [InlineData("Size=99999999999", "")]
    [InlineData("On=", "")]
    [InlineData("On=1", "")]
    [InlineData("On= true", "")]
    [InlineData("Data=A", "invalid base64")]
    [InlineData("Data=AAA", "invalid base64")]
    [InlineData("Data=AA=A", "invalid base64")]
    [InlineData("Data=A_-A", "invalid base64")]
    [InlineData("Data=%c3%a9%c3%a9", "invalid base64")]
    [InlineData("Data=DQp4++++", "invalid base64")]
    [InlineData("Data=AAAA%20", "invalid base64")]
    public void A_value_that_cannot_be_read_ends_the_request_whatever_else_is_wrong(string form, string text) => Refused(form, "MalformedInput", text);

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("FALSE", false)]
    public void A_flag_has_any_case(string text, bool flag) => Assert.Equal(flag, Decode($"Name=ab&On={text}").Get(On));

    private static Fields Decode(string form) => Input.Decode(QueryParameters.Of(FormEncoding.Decode(Encoding.ASCII.GetBytes(form))).Root);

    private static void Refused(string form, string code, string text)
    {
        var error = Assert.Throws<AwsException>(() => Decode(form)).Error;
        Assert.Equal((code, 400, text), (error.Code, error.Status, error.Message));
    }
}
