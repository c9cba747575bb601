namespace Signet.Messages;

/// <summary>A message tag (SES API Reference, MessageTag).</summary>
public sealed record MessageTag(string Name, string Value);
