using System.Runtime.CompilerServices;
using Signet.Server.Ses;
using Signet.Tests;

namespace Signet.Server.Tests.Ses;

public sealed class SesActionsTests
{
    /// <summary>The operations of the SES model without output.</summary>
    private static readonly string[] WithoutResult =
    [
        "CreateCustomVerificationEmailTemplate", "DeleteCustomVerificationEmailTemplate", "DeleteVerifiedEmailAddress",
        "UpdateAccountSendingEnabled", "UpdateConfigurationSetReputationMetricsEnabled", "UpdateConfigurationSetSendingEnabled",
        "UpdateCustomVerificationEmailTemplate", "VerifyEmailAddress",
    ];

    [Fact]
    public void Every_operation_of_the_model_is_in_the_table_once()
    {
        var operations = File.ReadAllLines(Path.Combine(Here(), "operations.txt"));

        Assert.Equal(71, operations.Length);
        Assert.Equal(operations, SesActions.All.Select(a => a.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Families_and_names_are_in_order()
    {
        var rows = SesActions.All.Select(a => (a.Family, a.Name)).ToList();

        Assert.Equal(rows.OrderBy(r => r.Family).ThenBy(r => r.Name, StringComparer.Ordinal), rows);
    }

    [Fact]
    public void A_result_is_left_out_where_the_model_has_none()
    {
        var supported = SesActions.All.OfType<SesAction.Supported>().ToList();

        Assert.Equal(
            supported.Select(a => a.Name).Intersect(WithoutResult).Order(StringComparer.Ordinal),
            supported.Where(a => !a.HasResult).Select(a => a.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_supported_action_has_wire_cases()
    {
        var covered = Directory.GetDirectories(Golden.Folder()).Select(Path.GetFileName);

        Assert.Empty(SesActions.All.OfType<SesAction.Supported>().Select(a => a.Name).Except(covered));
    }

    [Fact]
    public void A_name_is_found_with_its_case_only()
    {
        Assert.NotNull(SesActions.Find("SendEmail"));
        Assert.Null(SesActions.Find("sendemail"));
    }

    [Fact]
    public void The_page_of_actions_is_in_step_with_the_table() =>
        Golden.Matches(Path.Combine(Here(), "..", "..", "..", "docs", "ses-actions.md"), ActionsPage.Write());

    private static string Here([CallerFilePath] string caller = "") => Path.GetDirectoryName(caller)!;
}
