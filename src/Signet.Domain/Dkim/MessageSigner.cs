using Signet.Messages;
using Signet.Names;

namespace Signet.Dkim;

/// <summary>A key of Easy DKIM and the domain it signs for.</summary>
public sealed record DomainKey(Addresses.DomainName Domain, DkimKey Key);

/// <summary>Finds the key that mail of an identity is signed with now; null when it is not to be signed.</summary>
public delegate Task<DomainKey?> FindDomainKey(SendingIdentity sender, CancellationToken cancel);

/// <summary>
/// Signs a message when it leaves: first with the sender's domain, where its Easy DKIM is on and verified, then with the server's
/// own, where one is set up (RFC 6376). To be called once per message and claim: the time of signing is part of the
/// signature. What was found out about an identity, also that it does not sign, holds for <see cref="Freshness"/>.
/// </summary>
/// <param name="find">Where keys come from.</param>
/// <param name="server">The server's own key; null for none.</param>
/// <param name="time">For the signature, and for how old an answer is.</param>
public sealed class MessageSigner(FindDomainKey find, SigningKey? server, TimeProvider time)
{
    /// <summary>How long it takes at most until a change to an identity's DKIM has an effect.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    // Deliveries go on while the store is away: senders that were signed for are signed for then as well.
    private const int MaxKept = 4_096;

    private readonly ExpiringCache<SendingIdentity, SigningKey?> _senders = new(MaxKept, Freshness, time);

    // Many addresses of one domain share its key, with what was imported of it. An Easy DKIM selector never names another key.
    private readonly ExpiringCache<(Addresses.DomainName Domain, string Selector), SigningKey> _keys = new(MaxKept, TimeSpan.FromHours(1), time);

    /// <summary>Makes the signatures of a message.</summary>
    /// <param name="content">The message as it is stored and will be sent: CRLF line ends, header first. It is not copied.</param>
    /// <param name="layout">Its layout; null when it is not known yet.</param>
    /// <param name="sender">Whose mail it is; null for Signet's own, which only the server signs.</param>
    /// <param name="cancel">Given up while the key is looked for.</param>
    /// <returns>Header fields to send before <paramref name="content"/>, each with its CRLF; empty when nobody signs.</returns>
    /// <exception cref="Exception">What looking for the key failed with: the message is to wait, not to leave unsigned.</exception>
    public async Task<ReadOnlyMemory<byte>> SignAsync(
        ReadOnlyMemory<byte> content, MessageLayout? layout, SendingIdentity? sender, CancellationToken cancel)
    {
        SigningKey?[] signers = [sender is null ? null : await KeyOfAsync(sender, cancel), server];
        SigningKey[] keys = [.. signers.OfType<SigningKey>()];
        return keys.Length == 0 ? default : DkimSigner.Sign(content, layout ?? MessageLayout.Of(content), keys, time.GetUtcNow());
    }

    private async Task<SigningKey?> KeyOfAsync(SendingIdentity sender, CancellationToken cancel)
    {
        if (_senders.TryGet(sender, out var known))
        {
            return known;
        }

        var found = await find(sender, cancel);
        var key = found is null ? null : _keys.GetOrAdd((found.Domain, found.Key.Selector), _ => new SigningKey(found.Domain, found.Key.Selector, found.Key.PrivateKey));
        _senders.Put(sender, key);
        return key;
    }
}
