using Signet.Names;
using Signet.Policies;
using Signet.Sending;
using Signet.Web.Shell;

namespace Signet.Web.Decisions;

/// <summary>
/// Decides about sends that nobody makes. What a viewer may ask: as any principal when they see all accounts, else as one of their own
/// account's; with a policy to try only on an identity that they see.
/// </summary>
/// <param name="viewer">Who asks.</param>
/// <param name="decideWith"><see cref="SendAuthorization.DecideWithAsync"/>.</param>
/// <param name="regions">Those that may be named.</param>
/// <param name="time">The time of a send that names none.</param>
public sealed class Simulator(
    Viewer viewer, Func<SendAttempt, PolicyTrial?, CancellationToken, Task<SendDecision>> decideWith, RegionSet regions, TimeProvider time)
{
    /// <summary>The decision as the viewer may read it, or why there is none.</summary>
    public async Task<SimulatorAnswer> AskAsync(Simulation simulation, CancellationToken cancel)
    {
        if (!simulation.Described.TryRead(time.GetUtcNow(), regions, out var attempt, out var problem))
        {
            return new SimulatorAnswer(null, null, problem);
        }

        if (!viewer.Sees(attempt.Caller.Principal.Account))
        {
            return new SimulatorAnswer(null, null, $"the principal `{attempt.Caller.Principal}` is not of account {viewer.Account}");
        }

        if (!TryReadTrial(simulation, out var trial, out var policyProblem))
        {
            return new SimulatorAnswer(null, policyProblem, null);
        }

        var decision = BoundedDecision.Of(await decideWith(attempt, trial, cancel), BoundedDecision.Shown);
        return new SimulatorAnswer(DecisionSight.For(viewer, decision), null, null);
    }

    private bool TryReadTrial(Simulation simulation, out PolicyTrial? trial, out string? problem)
    {
        (trial, problem) = (null, null);
        if (string.IsNullOrWhiteSpace(simulation.PolicyText))
        {
            return true;
        }

        if (!IdentityArn.TryParse(simulation.Identity, out var identity))
        {
            problem = $"`{simulation.Identity}` is not the ARN of an identity";
        }
        else if (!viewer.Sees(identity.Owner.Account))
        {
            problem = $"only the owner of {identity} may change its policies";
        }
        else if (!PolicyName.TryParse(simulation.Policy, out var name))
        {
            problem = $"`{simulation.Policy}` is not a policy's name: 1 to {PolicyName.MaxLength} letters, digits, `-` and `_` are";
        }
        else
        {
            PolicyTrial.TryRead(identity, name, simulation.PolicyText, out trial, out problem);
        }

        return problem is null;
    }
}

/// <summary>What the simulator says: one of the three.</summary>
/// <param name="Decision">The decision, as the viewer may read it.</param>
/// <param name="PolicyProblem">Why the policy cannot be tried.</param>
/// <param name="Problem">What of the send cannot be read.</param>
public sealed record SimulatorAnswer(SendDecision? Decision, string? PolicyProblem, string? Problem);
