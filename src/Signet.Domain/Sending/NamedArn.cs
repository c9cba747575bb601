using Signet.Names;

namespace Signet.Sending;

/// <summary>An identity that the caller named, and by what: <c>SourceArn</c>, <c>X-SES-SOURCE-ARN</c>.</summary>
public sealed record NamedArn(string NamedBy, IdentityArn Identity);
