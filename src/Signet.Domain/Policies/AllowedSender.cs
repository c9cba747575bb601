using Signet.Addresses;

namespace Signet.Policies;

/// <summary>A From address, or every address at a domain, that <see cref="PolicyAnswers"/> allow.</summary>
public abstract record AllowedSender
{
    private AllowedSender()
    {
    }

    /// <summary>In words, to stand after "from".</summary>
    public abstract string Description { get; }

    /// <summary>What <c>ses:FromAddress</c> must be like.</summary>
    internal abstract IReadOnlyList<string> Patterns { get; }

    /// <summary>One address.</summary>
    /// <param name="Value">The address.</param>
    /// <param name="WithLabels">
    /// Whether <c>news+any@shop.test</c> counts as <c>news@shop.test</c>; has no meaning for one that has a label or quotes already.
    /// </param>
    public sealed record Address(EmailAddress Value, bool WithLabels) : AllowedSender
    {
        public override string Description => HasLabels ? $"{Value}, with or without a label" : Value.ToString();

        internal override IReadOnlyList<string> Patterns =>
            HasLabels ? [Literal, $"{Escape(Value.LocalPart)}+*@{Value.Domain}"] : [Literal];

        private bool HasLabels => WithLabels && !Value.LocalPart.Contains('+', StringComparison.Ordinal) && Value.LocalPart[0] != '"';

        private string Literal => $"{Escape(Value.LocalPart)}@{Value.Domain}";
    }

    /// <summary>Every address at a domain, but not below it.</summary>
    public sealed record Domain(DomainName Name) : AllowedSender
    {
        public override string Description => $"any address at {Name}";

        internal override IReadOnlyList<string> Patterns => [$"*@{Name}"];
    }

    /// <summary>A local part may hold what is a wildcard or begins a variable in a pattern.</summary>
    internal static string Escape(string text) => string.Concat(text.Select(c => c is '*' or '?' or '$' ? $"${{{c}}}" : $"{c}"));
}
