namespace Signet.Sending;

/// <summary>
/// One rule about accepting mail. <see cref="Submission"/> has the list; the rules run in its order, and the first refusal ends them.
/// </summary>
internal interface ISendRule
{
    /// <summary>Why the send is refused; null when this rule lets it pass.</summary>
    ValueTask<Refusal?> CheckAsync(Send send, CancellationToken cancel);
}
