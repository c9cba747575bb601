using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Sending;

/// <summary>Addresses of a request as the domain's values; the parser's words are SES's.</summary>
internal static class MailboxText
{
    /// <exception cref="AwsException">InvalidParameterValue.</exception>
    [return: NotNullIfNotNull(nameof(text))]
    public static Mailbox? Parse(string? text) =>
        text is null ? null
        : Mailbox.TryParse(text, out var mailbox, out var problem) ? mailbox
        : throw new AwsException(SesError.InvalidParameterValue(problem));

    /// <summary>An absent list is an empty one.</summary>
    /// <exception cref="AwsException">InvalidParameterValue for the first that is malformed.</exception>
    public static IReadOnlyList<Mailbox> ParseAll(IReadOnlyList<string>? texts) => [.. (texts ?? []).Select(t => Parse(t))];
}
