using System.Net;

namespace Signet.Delivery.Tls;

/// <summary>Why a connection to a host that offers STARTTLS is in clear text. Only an opportunistic policy allows any of it.</summary>
internal enum ClearText
{
    /// <summary>It is not, or the host does not offer STARTTLS.</summary>
    None,

    /// <summary>The host refused the command.</summary>
    Refused,

    /// <summary>The host's TLS does not work: an alert, no common cipher, something that is not TLS.</summary>
    Broken,

    /// <summary>The handshake timed out, or the connection ended during it.</summary>
    Interrupted,
}

/// <summary>
/// Which hosts' TLS failed, by address, and what follows for clear text under an opportunistic policy. Safe for threads. TLS that does not work is
/// not tried again for <see cref="BrokenFor"/>. An interrupted handshake says nothing about the host: TLS is tried again for each connection, and a
/// message may go in clear text only when it has waited for <see cref="Patience"/>, a handshake with the address was interrupted that long ago too,
/// and none succeeded since. Postfix has the same rule (PLAINTEXT_FALLBACK_OK_AFTER_STARTTLS_FAILURE) without the condition on the address.
/// </summary>
internal sealed class ClearTextRules(TimeProvider time)
{
    /// <summary>How long clear text goes to a host whose TLS does not work, without another try.</summary>
    public static readonly TimeSpan BrokenFor = TimeSpan.FromMinutes(5);

    /// <summary>How long a message must have waited, and handshakes with the address have failed; Postfix's minimal_backoff_time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Longer than the longest wait between two attempts, so that the next one still knows.</summary>
    private static readonly TimeSpan FailingKept = TimeSpan.FromHours(2);

    private const int MaxAddresses = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, State> _known = [];

    /// <summary>Whether TLS does not work there, so that it is not tried.</summary>
    public bool IsBroken(IPEndPoint address)
    {
        lock (_lock)
        {
            return _known.TryGetValue(address, out var state) && time.GetUtcNow() < state.BrokenUntil;
        }
    }

    /// <summary>TLS was started with the host.</summary>
    public void Succeeded(IPEndPoint address)
    {
        lock (_lock)
        {
            _known.Remove(address);
        }
    }

    /// <summary>The host's TLS does not work.</summary>
    public void Broke(IPEndPoint address)
    {
        lock (_lock)
        {
            var state = Find(address);
            _known[address] = state with { BrokenUntil = time.GetUtcNow() + BrokenFor };
        }
    }

    /// <summary>The host wants TLS: it is tried with the next connection.</summary>
    public void Wanted(IPEndPoint address)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(address, out var state))
            {
                _known[address] = state with { BrokenUntil = default };
            }
        }
    }

    /// <summary>A handshake was interrupted. Whether a message may go in clear text now.</summary>
    /// <param name="address">The address of the host.</param>
    /// <param name="acceptedAt">When the message was accepted.</param>
    public bool Interrupted(IPEndPoint address, DateTimeOffset acceptedAt)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var state = Find(address);
            var since = now - state.FailedAt < FailingKept ? state.FailingSince : now;
            _known[address] = state with { FailingSince = since, FailedAt = now };
            return now - since >= Patience && HasWaited(acceptedAt);
        }
    }

    /// <summary>Whether a message may go over a connection that is open already.</summary>
    /// <param name="reason">Why it is in clear text.</param>
    /// <param name="address">Where it goes.</param>
    /// <param name="openedAt">When it was opened.</param>
    /// <param name="acceptedAt">When the message was accepted.</param>
    public bool Allow(ClearText reason, IPEndPoint address, DateTimeOffset openedAt, DateTimeOffset acceptedAt) => reason switch
    {
        ClearText.None => true,
        ClearText.Refused => IsRecent(openedAt),
        ClearText.Broken => IsBroken(address),
        ClearText.Interrupted => IsRecent(openedAt) && HasWaited(acceptedAt),
        _ => throw new System.Diagnostics.UnreachableException($"{reason}"),
    };

    /// <summary>Whether clear text to the address is to be logged: once in <see cref="BrokenFor"/>, whatever the number of connections.</summary>
    public bool IsNews(IPEndPoint address)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var state = Find(address);
            if (now < state.LoggedUntil)
            {
                return false;
            }

            _known[address] = state with { LoggedUntil = now + BrokenFor };
            return true;
        }
    }

    private bool IsRecent(DateTimeOffset openedAt) => time.GetUtcNow() - openedAt < BrokenFor;

    private bool HasWaited(DateTimeOffset acceptedAt) => time.GetUtcNow() - acceptedAt >= Patience;

    private State Find(IPEndPoint address)
    {
        if (_known.TryGetValue(address, out var state))
        {
            return state;
        }

        // Forgetting all of them costs a handshake each, or a wait.
        if (_known.Count >= MaxAddresses)
        {
            _known.Clear();
        }

        return default;
    }

    private readonly record struct State(DateTimeOffset BrokenUntil, DateTimeOffset FailingSince, DateTimeOffset FailedAt, DateTimeOffset LoggedUntil);
}
