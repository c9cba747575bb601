using Signet.Dkim;
using Signet.Identities;
using Signet.Names;

namespace Signet.Tests.Fakes;

/// <summary>Keys for tests that are not about making them, which takes long.</summary>
public static class SomeDkimKeys
{
    private static readonly Lazy<IReadOnlyList<DkimKey>> Keys = new(EasyDkimKeys.Generate);

    /// <summary>Three keys, the same all through the tests.</summary>
    public static IReadOnlyList<DkimKey> All => Keys.Value;

    /// <summary>Makes the domain an identity, if it is none, which has these keys already when its DKIM is asked for.</summary>
    public static async Task GiveAsync(IIdentityStore store, AccountRegion owner, IdentityName domain, CancellationToken cancel)
    {
        var arn = new IdentityArn(owner, domain);
        await store.ChangeAsync(arn, now => now ?? VerificationRules.New(arn, DateTimeOffset.UnixEpoch), cancel);
        await store.AddDkimKeysAsync(arn, All, cancel);
    }
}
