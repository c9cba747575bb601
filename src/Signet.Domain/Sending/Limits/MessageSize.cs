using Signet.Messages;

namespace Signet.Sending.Limits;

/// <summary>The largest message, and the largest header of one, as it will be delivered.</summary>
/// <param name="maxBytes">SES v1: 10,485,760 after encoding.</param>
internal sealed class MessageSize(int maxBytes) : ISendRule
{
    public ValueTask<Refusal?> CheckAsync(Send send, CancellationToken cancel)
    {
        var content = send.Message.Content;
        return new(
            content.Length > maxBytes ? Refusal.Invalid.TooLarge(content.Length, maxBytes)
            : RawMessage.HeaderProblem(content) is { } problem ? new Refusal.Invalid(problem)
            : null);
    }
}
