namespace Signet.Queue;

/// <summary>Ends the deliveries of a message, about to be stored, that go no further than the archive; the others are to be queued.</summary>
public delegate IReadOnlyList<DeliveryResult> CaptureMessage(NewMessage message);
