using System.Diagnostics;
using Signet.Names;
using Signet.Operators;
using Signet.Web.Shell;

namespace Signet.Web.Operators;

/// <summary>
/// What a viewer sees and changes of operators: asks whether they may, then does what the commands do. An administrator of one account
/// has to do with that account's operators only; the others are not there for them. A change answers with the refusal in one
/// sentence, or null for done.
/// </summary>
public sealed class OperatorDesk(ConsoleContext console, Viewer viewer)
{
    private readonly OperatorRegistry operators = console.Domain.Operators;

    private const string NotAllowed = "only administrators may change operators";

    public bool MayAdminister => viewer.MayAdminister;

    /// <summary>The one account that operators are made of here; null: they may be of the whole server.</summary>
    public AccountId? Account => viewer.Account;

    /// <summary>The operators that the viewer has to do with, by name; none for one who does not administer.</summary>
    public async Task<IReadOnlyList<Operator>> ListAsync(CancellationToken cancel) =>
        [.. (await operators.ListAsync(cancel)).Where(Manages)];

    /// <param name="name">See <see cref="Operator.TryFoldName"/>.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="account">Twelve digits; empty for the whole server.</param>
    /// <param name="password">Null for one who signs in by OpenID Connect only.</param>
    /// <param name="repeated">The password again.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<string?> CreateAsync(
        string name, OperatorRole role, string account, string? password, string? repeated, CancellationToken cancel) =>
        Note("operator-create", name.Trim(), await ObjectionAsync(cancel) is { } objection ? objection
            : ReachProblem(account, out var reach) is { } problem ? problem
            : password != repeated ? Passwords.Differ
            : Read(await operators.CreateAsync(name.Trim(), role, reach.Account, password, cancel)));

    public async Task<string?> ChangeAsync(string name, OperatorRole role, string account, CancellationToken cancel) =>
        Note("operator-change", name, await ObjectionAsync(name, cancel) is { } objection ? objection
            : ReachProblem(account, out var reach) is { } problem ? problem
            : Read(await operators.ChangeAsync(name, new OperatorChange(role, reach), cancel)));

    public async Task<string?> SetPasswordAsync(string name, string password, string repeated, CancellationToken cancel) =>
        Note("operator-password", name, await ObjectionAsync(name, cancel) is { } objection ? objection
            : password != repeated ? Passwords.Differ
            : Read(await operators.SetPasswordAsync(name, password, cancel)));

    public async Task<string?> SignOutEverywhereAsync(string name, CancellationToken cancel) =>
        Note("operator-sign-out", name, await ObjectionAsync(name, cancel) ?? Read(await operators.SignOutEverywhereAsync(name, cancel)));

    public async Task<string?> DeleteAsync(string name, CancellationToken cancel) =>
        Note("operator-delete", name, await ObjectionAsync(name, cancel) ?? Read(await operators.DeleteAsync(name, cancel)));

    private string? Note(string act, string name, string? refusal)
    {
        console.Acts.Write(viewer, act, name, viewer.Account, refusal);
        return refusal;
    }

    private bool Manages(Operator one) => viewer.MayAdminister && (viewer.Account is null || viewer.Account == one.Account);

    private Task<string?> ObjectionAsync(CancellationToken cancel) =>
        viewer.ObjectionAsync(viewer.MayAdminister, NotAllowed, console, cancel);

    private async Task<string?> ObjectionAsync(string name, CancellationToken cancel) =>
        await ObjectionAsync(cancel) is { } objection ? objection
        : await operators.FindAsync(name, cancel) is { } found && Manages(found) ? null
        : new OperatorProblem.NoSuchOperator(name).Text;

    private string? ReachProblem(string text, out OperatorReach reach)
    {
        reach = new OperatorReach(null);
        if (text.Trim() is { Length: > 0 } digits)
        {
            if (!AccountId.TryParse(digits, out var account))
            {
                return $"`{digits}` is not an account: an account is twelve digits";
            }

            reach = new OperatorReach(account);
        }

        return viewer.Account is { } own && reach.Account != own ? $"you may create and change operators of account `{own}` only" : null;
    }

    private static string? Read(OperatorOutcome<Operator> outcome) => outcome switch
    {
        OperatorOutcome<Operator>.Done => null,
        OperatorOutcome<Operator>.Refused refused => refused.Problem.Text,
        _ => throw new UnreachableException(),
    };
}
