using Signet.Identities;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>Deprecated: all addresses that are verified, in one answer, without domains.</summary>
internal static class ListVerifiedEmailAddresses
{
    private const int Batch = 1000;

    public static Structure Input { get; } = new();

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        List<string> verified = [];
        string? after = null;
        IReadOnlyList<Identity> found;
        do
        {
            found = await context.Domain.IdentityStore.ListAsync(context.Scope, IdentityKind.EmailAddress, after, Batch, cancel);
            verified.AddRange(found.Where(i => i.Status == VerificationStatus.Success).Select(i => i.Arn.Name.Value));
            after = found.Count == 0 ? null : found[^1].Arn.Name.Value;
        }
        while (found.Count == Batch);

        return result => result.List("VerifiedEmailAddresses", verified);
    }
}
