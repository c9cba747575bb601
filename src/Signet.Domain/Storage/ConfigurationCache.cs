namespace Signet.Storage;

/// <summary>
/// Keeps in memory what a send reads of the configuration: keys, settings, identities, policies. The store has a version, which triggers raise in
/// each transaction that changes any of that, whoever changes it; what was kept under another version is dropped.
/// </summary>
/// <param name="readVersion">Reads the store's version.</param>
/// <param name="freshness">How long a version holds after a look at it began; zero looks for each use.</param>
/// <param name="time">The clock of freshness.</param>
internal sealed class ConfigurationCache(Func<CancellationToken, Task<long>> readVersion, TimeSpan freshness, TimeProvider time)
{
    private static readonly TimeSpan Recent = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private KeptConfiguration _kept = new(-1);
    private long _lookedAt;
    private Look? _look;

    /// <summary>The value of a key: kept, or read now.</summary>
    /// <param name="key">Of a type that names what is read.</param>
    /// <param name="read">Reads it from the store.</param>
    /// <param name="size">About how many bytes a value takes; null for one that is not to be kept.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="Queue.StoreUnavailableException">The version or the value cannot be read. Nothing is answered under a version that is not known.</exception>
    public async Task<T> GetAsync<T>(object key, Func<Task<T>> read, Func<T, int?> size, CancellationToken cancel)
    {
        var kept = await CurrentAsync(cancel);
        if (kept.TryGet<T>(key, out var value))
        {
            return value;
        }

        value = await read();
        if (size(value) is { } bytes)
        {
            kept.Put(key, value, bytes);
        }

        return value;
    }

    /// <summary>
    /// What is kept under the version in force. INVARIANT: a value is read after this was returned and put into the same object, so that no value
    /// is kept under a version that came after it.
    /// </summary>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    public async Task<KeptConfiguration> CurrentAsync(CancellationToken cancel)
    {
        var now = time.GetTimestamp();
        if (freshness == TimeSpan.Zero)
        {
            return KeptUnder(await readVersion(cancel), now);
        }

        Look look;
        lock (_gate)
        {
            if (_look is null || _look.HasFailed || time.GetElapsedTime(_look.BeganAt, now) >= freshness)
            {
                // One looks for all that need it at once. Its own caller may give up, the others still wait.
                _look = new Look(now, new(async () => KeptUnder(await readVersion(CancellationToken.None), now)));
            }

            look = _look;
        }

        return await look.Kept.WaitAsync(cancel);
    }

    /// <summary>
    /// As <see cref="CurrentAsync"/>, without a look of its own when anybody has looked within half a second: for what need not apply at once, so
    /// that a send that looked a moment ago does not look again.
    /// </summary>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    public async Task<KeptConfiguration> RecentAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_kept.Version >= 0 && time.GetElapsedTime(_lookedAt) < Recent)
            {
                return _kept;
            }
        }

        return await CurrentAsync(cancel);
    }

    /// <summary>Whoever comes from now on looks at the version, and sees what this node has just written.</summary>
    public void LookAgain()
    {
        lock (_gate)
        {
            _look = null;
            _lookedAt = time.GetTimestamp() - (long)(Recent.TotalSeconds * time.TimestampFrequency);
        }
    }

    /// <summary>Drops everything that is kept: the versions of another store begin.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            (_look, _kept) = (null, new(-1));
        }
    }

    // Not "newer": a store that was restored goes back.
    private KeptConfiguration KeptUnder(long version, long lookedAt)
    {
        lock (_gate)
        {
            _lookedAt = lookedAt;
            if (_kept.Version != version)
            {
                _kept = new KeptConfiguration(version);
            }

            return _kept;
        }
    }

    private sealed class Look(long beganAt, Lazy<Task<KeptConfiguration>> kept)
    {
        public long BeganAt => beganAt;

        public Task<KeptConfiguration> Kept => kept.Value;

        public bool HasFailed => kept.IsValueCreated && kept.Value is { IsCompleted: true, IsCompletedSuccessfully: false };
    }
}
