using Signet.Messages;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>The key of a row of <c>delivery</c>, whether or not it makes sense: a row that does not must not keep the others from being changed.</summary>
internal readonly record struct DeliveryRow(string Message, long Ordinal)
{
    public DeliveryKey? Key => MessageId.TryParse(Message, out var id) ? new DeliveryKey(id, (int)Ordinal) : null;
}
