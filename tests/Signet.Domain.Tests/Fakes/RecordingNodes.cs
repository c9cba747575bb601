using Signet.Queue;

namespace Signet.Tests.Fakes;

/// <summary>A stub, for heartbeats and duties: it answers what a test sets. The real ones are tested over both engines (<c>MessageQueueContract</c>).</summary>
internal sealed class RecordingNodes : INodes
{
    public bool IsKnown { get; set; } = true;

    public Exception? Failure { get; set; }

    /// <summary>Called while a sign of life is on its way.</summary>
    public Action Beating { get; set; } = () => { };

    public int Beats { get; private set; }

    public int FreedDead { get; private set; }

    public List<string> Left { get; } = [];

    /// <summary>Whether a duty is given to who asks.</summary>
    public bool GivesDuties { get; set; } = true;

    public List<Duty> Asked { get; } = [];

    public int Alive { get; set; } = 1;

    public Task<NodeBeat> BeatAsync(string node, TimeSpan life, CancellationToken cancel)
    {
        Beats++;
        Beating();
        return Failure is { } failure ? Task.FromException<NodeBeat>(failure) : Task.FromResult(new NodeBeat(IsKnown, Alive));
    }

    public Task<int> FreeDeadAsync(CancellationToken cancel) => Task.FromResult(FreedDead++);

    public Task<int> FreeAllAsync(CancellationToken cancel) => throw new NotSupportedException();

    public Task<int> LeaveAsync(string node, CancellationToken cancel)
    {
        Left.Add(node);
        return Task.FromResult(0);
    }

    public Task<bool> TryTakeAsync(Duty duty, string node, TimeSpan hold, CancellationToken cancel)
    {
        Asked.Add(duty);
        return Task.FromResult(GivesDuties);
    }
}
