using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Signet.Operators;

/// <summary>
/// Hashes passwords and compares them, by the hasher of ASP.NET Identity: PBKDF2 with HMAC-SHA512, a salt of 128 bits, the iterations
/// kept in the hash, so that their number can grow. A hash takes a good part of a second of one core, by intent; so only a few are
/// made at once, and a flood of attempts does not take the machine from the mail.
/// </summary>
public sealed class OperatorPasswords : IDisposable
{
    /// <summary>In UTF-16 units.</summary>
    public const int MinLength = 12;

    public const int MaxLength = 256;

    public const int DefaultIterations = 600_000;

    private const int AtOnce = 2;

    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly PasswordHasher<string> _hasher;

    /// <param name="iterations">Fewer than the default are for tests.</param>
    public OperatorPasswords(int iterations = DefaultIterations) =>
        _hasher = new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));

    /// <summary>Why this cannot be the password of <paramref name="name"/>; null if it can.</summary>
    public static OperatorProblem? ProblemWith(string password, string name) =>
        password.Length is < MinLength or > MaxLength ? new OperatorProblem.BadPasswordLength()
        : password.Equals(name, StringComparison.OrdinalIgnoreCase) ? new OperatorProblem.PasswordIsName()
        : null;

    /// <summary>The hash to be kept of a new password.</summary>
    public Task<string> HashAsync(string password, CancellationToken cancel) =>
        InTurnAsync(() => _hasher.HashPassword("", password), cancel);

    /// <summary>Whether it is the password.</summary>
    /// <param name="hash">What is kept of it; null for nobody's, which no password fits, after the same time.</param>
    /// <param name="password">At most <see cref="MaxLength"/> long.</param>
    /// <param name="cancel">Heeded until the turn comes.</param>
    internal async Task<PasswordMatch> CompareAsync(string? hash, string password, CancellationToken cancel)
    {
        if (hash is null)
        {
            await HashAsync(password, cancel);
            return PasswordMatch.Wrong;
        }

        return await InTurnAsync(() => _hasher.VerifyHashedPassword("", hash, password), cancel) switch
        {
            PasswordVerificationResult.Failed => PasswordMatch.Wrong,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordMatch.RightButHashedWeakly,
            _ => PasswordMatch.Right,
        };
    }

    public void Dispose() => _turns.Dispose();

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel);
        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _turns.Release();
        }
    }
}

/// <summary>What comparing a password came to.</summary>
internal enum PasswordMatch
{
    Wrong,

    Right,

    /// <summary>Correct, but to be hashed again with more iterations.</summary>
    RightButHashedWeakly,
}
