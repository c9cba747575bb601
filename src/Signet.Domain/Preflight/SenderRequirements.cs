using Signet.Addresses;
using Signet.Dns;
using Signet.Messages;

namespace Signet.Preflight;

/// <summary>
/// What Gmail, Yahoo, Microsoft and Apple ask of senders, looked for in one message and in the DNS of its domains. Where the DNS
/// does not answer, that is what is said; nothing is called missing that was only not found out.
/// </summary>
public static class SenderRequirements
{
    internal const string Gmail = "https://support.google.com/a/answer/81126";
    internal const string Yahoo = "https://senders.yahooinc.com/best-practices/";

    /// <summary>Asks the DNS and looks at the message; the authentication of the domains comes first. No DNS failure throws.</summary>
    public static async Task<IReadOnlyList<Finding>> CheckAsync(SenderFacts facts, IDnsLookup dns, CancellationToken cancel)
    {
        if (!RawMessage.TryRead(facts.Message, out var message, out var problem))
        {
            return [new Finding(Severity.Problem, "Cannot be sent", problem)];
        }

        // Without one author there is no domain to ask for, as the rules of the message say.
        if (MessageRules.From(message) is not [var author])
        {
            return [.. MessageRules.Of(message)];
        }

        return
        [
            .. await SenderAuthentication.OfAsync(facts, message, author, dns, cancel),
            await CanAnswerAsync(message, author, dns, cancel),
            .. MessageRules.Of(message),
        ];
    }

    private static async Task<Finding> CanAnswerAsync(RawMessage message, Mailbox author, IDnsLookup dns, CancellationToken cancel)
    {
        var to = message.TryReadAddresses(out var all, out _) && all.ReplyTo is [var reply, ..] ? reply.Address : author.Address;
        const string Title = "Replies";
        return await dns.FindMxAsync(to.Domain, cancel) switch
        {
            DnsAnswer<MailExchanger>.Failed failed => Unknown(Title, failed.Reason),
            DnsAnswer<MailExchanger>.Found { Values: [{ Host: null }, ..] } =>
                new Finding(
                    Severity.Warning,
                    "Replies: refused",
                    $"`{to.Domain}` says that it takes no mail (null MX), so nobody can answer.",
                    "https://www.rfc-editor.org/rfc/rfc7505"),
            DnsAnswer<MailExchanger>.Found => new Finding(Severity.Good, "Replies: can be delivered", $"`{to.Domain}` takes mail."),

            // RFC 5321 §5.1: without an MX the host itself.
            _ => await dns.FindAddressesAsync(to.Domain, cancel) switch
            {
                DnsAnswer<System.Net.IPAddress>.Failed failed => Unknown(Title, failed.Reason),
                DnsAnswer<System.Net.IPAddress>.Found => new Finding(
                    Severity.Good,
                    "Replies: can be delivered",
                    $"`{to.Domain}` has no MX record, but an address."),
                _ => new Finding(
                    Severity.Warning,
                    "Replies: the domain has no MX or address",
                    $"`{to.Domain}` has neither an MX record nor an address, so nobody can answer.",
                    Gmail),
            },
        };
    }

    internal static Finding Unknown(string what, string reason) =>
        new(Severity.Hint, $"{what}: not known", $"The DNS did not answer ({reason}); ask again later.");
}

/// <summary>What is checked, as if it left now.</summary>
/// <param name="Message">Its bytes as they are stored, Date and Message-ID included.</param>
/// <param name="EnvelopeDomain">The domain of the return path; null for an empty one.</param>
/// <param name="DkimDomain">The domain it is signed with when it leaves; null if it is not.</param>
public sealed record SenderFacts(ReadOnlyMemory<byte> Message, DomainName? EnvelopeDomain, DomainName? DkimDomain);
