namespace Signet.Sending.Limits;

/// <summary>The largest message, as it will be delivered.</summary>
/// <param name="maxBytes">SES v1: 10,485,760 after encoding.</param>
internal sealed class MessageSize(int maxBytes) : ISendRule
{
    public ValueTask<Refusal?> CheckAsync(Send send, CancellationToken cancel)
    {
        var content = send.Message.Content;
        return new(content.Length > maxBytes ? Refusal.Invalid.TooLarge(content.Length, maxBytes) : null);
    }
}
