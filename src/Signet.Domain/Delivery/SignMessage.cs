using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// Makes the header fields that go on top of a content when it leaves, each with its CRLF: called when the first delivery of a message
/// leaves, once per claim unless the content is large; and once more with the 7-bit content when a server without 8BITMIME is to get
/// 8-bit content.
/// </summary>
public delegate Task<ReadOnlyMemory<byte>> SignMessage(ClaimedMessage message, CancellationToken cancel);
