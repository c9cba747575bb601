using Signet.Fuzz.Targets;

namespace Signet.Fuzz;

/// <summary>
/// One parser that eats a stranger's bytes. Documented refusals are fine; an exception that escapes, a hang or a blow-up is a bug.
/// </summary>
public delegate void FuzzTarget(ReadOnlySpan<byte> input);

/// <summary>The table of targets. The corpus of each is the folder of its name under <c>Corpus</c>, replayed by an ordinary test.</summary>
public static class FuzzTargets
{
    public static IReadOnlyDictionary<string, FuzzTarget> All { get; } = new Dictionary<string, FuzzTarget>
    {
        ["address"] = Mailboxes.Fuzz,
        ["preflight"] = PreflightTarget.Fuzz,
        ["dns-answer"] = DnsAnswers.Fuzz,
        ["header-value"] = HeaderValues.Fuzz,
        ["message-view"] = MessageViewTarget.Fuzz,
        ["mime-tree"] = MimeTreeTarget.Fuzz,
        ["seven-bit"] = SevenBitMessages.Fuzz,
        ["policy"] = Policy.Fuzz,
        ["query-parameters"] = QueryParametersTarget.Fuzz,
        ["raw-message"] = RawMessages.Fuzz,
        ["safe-html"] = HtmlSanitizerTarget.Fuzz,
        ["signature"] = SignatureTarget.Fuzz,
        ["smtp-reply"] = SmtpReplies.Fuzz,
    };
}
