using System.Text;
using System.Xml.Linq;
using CsCheck;
using Signet.Server.Aws;
using Signet.Server.Ses;

namespace Signet.Server.Tests.Aws;

public sealed class QueryXmlTests
{
    private static readonly XNamespace Ses = "http://ses.amazonaws.com/doc/2010-12-01/";

    [Fact]
    public void A_result_holds_every_kind_of_member()
    {
        Reply reply = result =>
        {
            result.Text("Text", "a < b & \"c\" > d");
            result.Text("Absent", null);
            result.Text("Empty", "");
            result.Flag("Flag", true);
            result.Count("Count", 12);
            result.Number("Number", 200);
            result.Time("Time", new DateTimeOffset(2015, 7, 9, 14, 0, 0, 999, TimeSpan.FromHours(2)));
            result.List("List", ["a", "b"]);
            result.List("None", []);
            result.List("Structures", [1, 2], n => result.Count("N", n));
            result.Map("Map", [KeyValuePair.Create("k", "v")]);
            result.Map("StructureMap", [KeyValuePair.Create("k", 3)], n => result.Count("N", n));
        };

        Assert.Equal(
            """
            <DoResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">
              <DoResult>
                <Text>a &lt; b &amp; "c" &gt; d</Text>
                <Empty></Empty>
                <Flag>true</Flag>
                <Count>12</Count>
                <Number>200.0</Number>
                <Time>2015-07-09T12:00:00Z</Time>
                <List>
                  <member>a</member>
                  <member>b</member>
                </List>
                <None />
                <Structures>
                  <member>
                    <N>1</N>
                  </member>
                  <member>
                    <N>2</N>
                  </member>
                </Structures>
                <Map>
                  <entry>
                    <key>k</key>
                    <value>v</value>
                  </entry>
                </Map>
                <StructureMap>
                  <entry>
                    <key>k</key>
                    <value>
                      <N>3</N>
                    </value>
                  </entry>
                </StructureMap>
              </DoResult>
              <ResponseMetadata>
                <RequestId>id</RequestId>
              </ResponseMetadata>
            </DoResponse>
            """,
            Encoding.UTF8.GetString(SesXml.Documents.Success("Do", true, reply, "id")));
    }

    [Theory]
    [InlineData(1, "1.0")]
    [InlineData(-1, "-1.0")]
    [InlineData(0.5, "0.5")]
    [InlineData(14.25, "14.25")]
    [InlineData(50_000_000_000, "50000000000.0")]
    [InlineData(1e20, "100000000000000000000.0")]
    public void A_double_has_a_point_and_no_exponent(double value, string text) =>
        Assert.Equal(text, Member(result => result.Number("N", value)).Value);

    [Fact]
    public void An_error_has_its_request_id_beside_it() => Assert.Equal(
        """
        <ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">
          <Error>
            <Type>Sender</Type>
            <Code>InvalidPolicy</Code>
            <Message>no &lt;policy&gt;</Message>
          </Error>
          <RequestId>id</RequestId>
        </ErrorResponse>
        """,
        Encoding.UTF8.GetString(SesXml.Documents.Failure(SesError.InvalidPolicy("no <policy>"), "id")));

    [Theory]
    [InlineData("a\0b\u0001\ufffe", "a\ufffdb\ufffd\ufffd")]
    [InlineData("tab\tline\ncarriage\r", "tab\tline\ncarriage\r")]
    public void What_XML_cannot_hold_is_replaced_and_the_rest_arrives(string text, string arrives) =>
        Assert.Equal(arrives, Member(result => result.Text("N", text)).Value);

    [Fact]
    public void Half_a_surrogate_pair_is_replaced_and_a_whole_one_arrives()
    {
        // Not as inline data, which is stored as UTF-8 and would lose them.
        Assert.Equal("\ufffdx\ufffd", Member(result => result.Text("N", "\ud800x\udc00")).Value);
        Assert.Equal("\ud83d\ude00\ufffd", Member(result => result.Text("N", "\ud83d\ude00\ud83d")).Value);
    }

    [Fact]
    public void Any_text_makes_a_document_that_can_be_read() => Gen.String[Gen.Char, 0, 30].Sample(text =>
        Assert.Equal(text.Length, Member(result => result.Text("N", text)).Value.Length));

    private static XElement Member(Reply reply)
    {
        using var document = new MemoryStream(SesXml.Documents.Success("Do", true, reply, "id"));
        return XDocument.Load(document, LoadOptions.PreserveWhitespace).Root!.Element(Ses + "DoResult")!.Element(Ses + "N")!;
    }
}
