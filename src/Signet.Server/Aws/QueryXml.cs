using System.Text;
using System.Xml;

namespace Signet.Server.Aws;

/// <summary>What an action answers: how to write the members of its result, in the order of SES's model.</summary>
internal delegate void Reply(ResultWriter result);

/// <summary>The XML documents of a query API (Smithy, "AWS query protocol": response serialization, operation error serialization).</summary>
/// <param name="xmlNamespace">Of the service.</param>
internal sealed class QueryXml(string xmlNamespace)
{
    public const string ContentType = "text/xml";

    /// <summary>The answer of an action that has a result without members, or none at all.</summary>
    public static Reply Empty { get; } = _ => { };

    private const string FaultNamespace = "http://webservices.amazon.com/AWSFault/2005-15-09";

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        OmitXmlDeclaration = true,
        Indent = true,
        NewLineChars = "\n",
        // A carriage return in a value would otherwise reach the client as a line feed.
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <summary>The document of a success.</summary>
    /// <param name="action">The name of the action.</param>
    /// <param name="hasResult">
    /// False for the eight actions whose answer has no Result element (the SES model, operations without output).
    /// </param>
    /// <param name="reply">Writes the result's members.</param>
    /// <param name="requestId">Equal to the <c>x-amzn-RequestId</c> header.</param>
    public byte[] Success(string action, bool hasResult, Reply reply, string requestId) => Write(xml =>
    {
        xml.WriteStartElement($"{action}Response", xmlNamespace);
        if (hasResult)
        {
            xml.WriteStartElement($"{action}Result");
            reply(new ResultWriter(xml));
            xml.WriteEndElement();
        }

        xml.WriteStartElement("ResponseMetadata");
        xml.WriteElementString("RequestId", requestId);
        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    /// <summary>The document of an error; its RequestId is a child of the root, unlike a success's.</summary>
    public byte[] Failure(AwsError error, string requestId) => Write(xml =>
    {
        xml.WriteStartElement("ErrorResponse", error.IsUnmapped ? FaultNamespace : xmlNamespace);
        xml.WriteStartElement("Error");
        var members = new ResultWriter(xml);
        members.Text("Type", error.Type);
        members.Text("Code", error.Code);
        members.Text("Message", error.Message);
        xml.WriteEndElement();
        xml.WriteElementString("RequestId", requestId);
        xml.WriteEndElement();
    });

    private static byte[] Write(Action<XmlWriter> document)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Settings))
        {
            document(xml);
        }

        return bytes.ToArray();
    }
}
