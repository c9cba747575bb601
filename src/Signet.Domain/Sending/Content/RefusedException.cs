namespace Signet.Sending.Content;

/// <summary>Ends the reading of a submission at its first fault; caught in <see cref="ParsedSubmission.TryRead"/> and nowhere else.</summary>
internal sealed class RefusedException(Refusal refusal) : Exception
{
    public Refusal Refusal { get; } = refusal;

    public static RefusedException Invalid(string problem) => new(new Refusal.Invalid(problem));
}
