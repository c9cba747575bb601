using Signet.Names;
using Signet.Sending;

namespace Signet.Web.Messages;

/// <summary>The caller of mail that the console submits.</summary>
internal static class ConsoleCaller
{
    /// <summary>The root of an account, as for <c>signet send</c>: the account's checks, limits and quota apply.</summary>
    public static Caller RootOf(AccountRegion owner) => new(new Principal(owner.Account, null), owner.Region, null, "Signet console", null, null);
}
