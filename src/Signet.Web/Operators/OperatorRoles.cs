using Signet.Operators;

namespace Signet.Web.Operators;

/// <summary>The roles in words.</summary>
internal static class OperatorRoles
{
    public static IReadOnlyList<OperatorRole> All { get; } = Enum.GetValues<OperatorRole>();

    public static string Word(OperatorRole role) => role.ToString().ToLowerInvariant();

    public static string Meaning(OperatorRole role) => role switch
    {
        OperatorRole.Read => "read: see",
        OperatorRole.Operate => "operate: also mail, identities, policies",
        OperatorRole.Administer => "administer: also accounts, users, keys, operators",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
