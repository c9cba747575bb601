using Signet.Addresses;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Sending;
using Signet.Web.Tests.Browser;

namespace Signet.Web.Tests.Decisions;

/// <summary>Sends by a delegate: the owner of <c>signet dev</c> has example.com, and 444455556666 may send with it what a policy says.</summary>
internal static class Sends
{
    public static readonly AccountId Delegate = AccountId.Parse("444455556666");

    public static readonly IdentityArn Domain = new(ConsoleSystem.Owner, IdentityName.Parse("example.com"));

    /// <summary>News only, and not to the rivals.</summary>
    public const string Policy =
        """
        {"Version":"2012-10-17","Statement":[
        {"Sid":"Partners","Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":["ses:SendEmail","ses:SendRawEmail"],"Resource":"arn:aws:ses:us-east-1:000000000000:identity/example.com","Condition":{"StringLike":{"ses:FromAddress":"news*@example.com"}}},
        {"Sid":"NotToRivals","Effect":"Deny","Principal":"*","Action":"ses:*","Resource":"arn:aws:ses:us-east-1:000000000000:identity/example.com","Condition":{"ForAnyValue:StringLike":{"ses:Recipients":"*@rival.example"}}}]}
        """;

    public static async Task GrantAsync(ConsoleSystem system, string policy = Policy)
    {
        var cancel = TestContext.Current.CancellationToken;
        await system.Mail.Identities.VerifyDomainAsync(ConsoleSystem.Owner, DomainName.Parse("example.com"), cancel);
        Assert.True(PolicyDocument.TryParseForIdentity(policy, Domain, out var document, out var problem), problem);
        await system.Mail.PolicyStore.PutAsync(Domain, PolicyName.Parse("marketing"), document.CompactText, cancel);
    }

    public static Task<SubmissionResult> ByDelegateAsync(
        ConsoleSystem system, string from = "news@example.com", string to = "you@example.net", string subject = "Our news") =>
        system.TryAsync(
            new SubmissionContent.Parts([Address(to)], [], [], [], new TextPart(subject, null), new TextPart("Hello", null), null),
            from, new Principal(Delegate, null), $"{Domain}");

    public static Mailbox Address(string text) =>
        Mailbox.TryParse(text, out var mailbox, out var problem) ? mailbox : throw new FormatException(problem);
}
