using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>The documents of version 1 of the SES API.</summary>
internal static class SesXml
{
    public static QueryXml Documents { get; } = new("http://ses.amazonaws.com/doc/2010-12-01/");
}
