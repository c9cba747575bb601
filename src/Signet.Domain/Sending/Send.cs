using Signet.Accounts;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending.Content;

namespace Signet.Sending;

/// <summary>One message on its way through the rules: what was submitted, and what the rules have found out so far.</summary>
internal sealed class Send(SubmissionRequest request, ParsedSubmission parsed, DateTimeOffset at)
{
    public SubmissionRequest Request => request;

    public ParsedSubmission Parsed => parsed;

    /// <summary>When it came in.</summary>
    public DateTimeOffset At => at;

    /// <summary>The settings of the caller's account; <see cref="SendingPause"/> reads them.</summary>
    public AccountSettings Settings
    {
        get => field ?? throw NotYet(nameof(SendingPause));
        set;
    }

    /// <summary>May it be sent, and why; <see cref="Authorization"/> decides.</summary>
    public SendDecision Decision
    {
        get => field ?? throw NotYet(nameof(Authorization));
        set;
    }

    /// <summary>The message to be stored; <see cref="Composition"/> makes it.</summary>
    public NewMessage Message
    {
        get => field ?? throw NotYet(nameof(Composition));
        set;
    }

    private static InvalidOperationException NotYet(string rule) => new($"the rule {rule} has not run yet");
}
