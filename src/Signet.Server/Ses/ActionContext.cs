using Signet.Names;
using Signet.Sending;

namespace Signet.Server.Ses;

/// <summary>What an action has to work with: who calls, the domain, and what the host decides.</summary>
internal sealed record ActionContext(Caller Caller, MailSystem Domain, SesOptions Options)
{
    /// <summary>Where the caller's identities, policies, quotas and statistics are.</summary>
    public AccountRegion Scope => Caller.Scope;
}
