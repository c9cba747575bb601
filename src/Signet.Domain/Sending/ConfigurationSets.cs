namespace Signet.Sending;

/// <summary>There are no configuration sets yet, so a message that names one names one that does not exist.</summary>
internal sealed class ConfigurationSets : ISendRule
{
    public ValueTask<Refusal?> CheckAsync(Send send, CancellationToken cancel) =>
        new(string.IsNullOrEmpty(send.Parsed.ConfigurationSet) ? null : new Refusal.NoSuchConfigurationSet(send.Parsed.ConfigurationSet));
}
