using System.Globalization;
using System.Text;

namespace Signet.Server.Ses;

/// <summary>The page <c>docs/ses-actions.md</c>, made from the table of actions; a test keeps the two in step.</summary>
internal static class ActionsPage
{
    public static string Write()
    {
        var supported = SesActions.All.OfType<SesAction.Supported>().Count();
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # Actions of the SES API, version 1

            Signet answers {supported} of the {SesActions.All.Count} operations of version {SesActions.Version}.
            The others are refused with `InvalidAction` and a sentence that says why; none is answered as if it had succeeded.

            This page is generated from the table in `src/Signet.Server/Ses/SesActions.cs`: do not edit it.
            Run the tests with `UPDATE_GOLDEN=1` to regenerate it.

            """);
        foreach (var family in SesActions.All.GroupBy(a => a.Family))
        {
            AppendFamily(page, family.Key, [.. family]);
        }

        return page.ToString();
    }

    private static void AppendFamily(StringBuilder page, Family family, IReadOnlyList<SesAction> actions)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {Title(family)}\n\n");
        var answered = actions.OfType<SesAction.Supported>().ToList();
        if (answered.Count > 0)
        {
            page.Append("| Action | Required | Optional | Limited to | Result element |\n| --- | --- | --- | --- | --- |\n");
            foreach (var action in answered)
            {
                var members = action.Input.Members.ToLookup(m => m.IsRequired, m => m.Name);
                var limit = action.Sends ? "send rate" : "1 request/s";
                var result = action.HasResult ? "yes" : "no";
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"| {action.Name} | {Listed(members[true])} | {Listed(members[false])} | {limit} | {result} |\n");
            }
        }

        foreach (var missing in actions.OfType<SesAction.Unsupported>().GroupBy(a => a.Missing))
        {
            page.Append(answered.Count > 0 ? "\n" : "");
            page.Append(
                CultureInfo.InvariantCulture, $"Refused, as Signet has no {missing.Key}: {Listed(missing.Select(a => a.Name))}.\n");
        }
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "–";

    private static string Title(Family family) => family switch
    {
        Family.SendingAuthorization => "Sending authorization",
        Family.CustomVerification => "Custom verification mails",
        Family.ConfigurationSets => "Configuration sets",
        _ => family.ToString(),
    };
}
