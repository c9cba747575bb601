namespace Signet.Messages;

/// <summary>A message tag (ses/sending.md §6).</summary>
public sealed record MessageTag(string Name, string Value);
