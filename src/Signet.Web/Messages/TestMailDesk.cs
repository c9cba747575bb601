using System.Diagnostics;
using Signet.Addresses;
using Signet.Display;
using Signet.Messages;
using Signet.Names;
using Signet.Sending;
using Signet.Web.Shell;

namespace Signet.Web.Messages;

/// <summary>
/// Sends the test mail: asks whether the viewer may, then submits it as the root of the account. Everything answers
/// with what was accepted, or with the refusal in one sentence.
/// </summary>
public sealed class TestMailDesk(ConsoleContext console, Viewer viewer)
{
    private const string NotAllowed = "only operators of the account may send a test mail";

    private static readonly EmailAddress Newsletter = EmailAddress.Parse("newsletter@example.com");
    private static readonly Mailbox You = Read("you@example.net");
    private static readonly Mailbox Team = Read("team@example.net");
    private static readonly IReadOnlyList<MessageTag> Tags = [new("campaign", "first-issue"), new("kind", "test")];

    /// <summary>Whether the viewer may send one as some account.</summary>
    public bool MaySend => viewer.MayOperate;

    /// <summary>Sends it where an identity is verified immediately, so that nothing has to be asked: with sender and recipients of its own.</summary>
    public Task<(MessageId? Sent, string? Refusal)> SendAtOnceAsync(CancellationToken cancel) => SendAsync(
        new TestSender(new AccountRegion(ConsoleFacts.DevAccount, console.Domain.Regions.Default), Newsletter), [You], [Team], cancel);

    /// <summary>Sends it to one recipient.</summary>
    public Task<(MessageId? Sent, string? Refusal)> SendAsync(TestSender from, Mailbox to, CancellationToken cancel) =>
        SendAsync(from, [to], [], cancel);

    private async Task<(MessageId? Sent, string? Refusal)> SendAsync(
        TestSender from, IReadOnlyList<Mailbox> to, IReadOnlyList<Mailbox> cc, CancellationToken cancel)
    {
        var (sent, refusal) = await TrySendAsync(from, to, cc, cancel);
        console.Acts.Write(
            viewer, "test-mail", $"{from.Address} to {string.Join(", ", to.Concat(cc).Select(m => m.Address))}", from.Owner.Account, refusal, $"done (as {sent})");
        return (sent, refusal);
    }

    private async Task<(MessageId? Sent, string? Refusal)> TrySendAsync(
        TestSender from, IReadOnlyList<Mailbox> to, IReadOnlyList<Mailbox> cc, CancellationToken cancel)
    {
        if (await viewer.ObjectionAsync(MaySend && viewer.Sees(from.Owner.Account), NotAllowed, console, cancel) is { } objection)
        {
            return (null, objection);
        }

        if (!console.Domain.Regions.Contains(from.Owner.Region))
        {
            return (null, console.Domain.Regions.Unknown(from.Owner.Region.Value));
        }

        if (console.Domain.VerifiesAtOnce)
        {
            await console.Domain.Identities.VerifyEmailAsync(from.Owner, from.Address, cancel);
        }

        var source = Read($"Newsletter <{from.Address}>");
        var request = new SubmissionRequest
        {
            Caller = ConsoleCaller.RootOf(from.Owner),
            Action = "ses:SendRawEmail",
            Source = source,
            Content = new SubmissionContent.Raw(TestMail.Compose(source, to, cc), [.. to, .. cc]),
            Tags = Tags,
        };
        return await console.Domain.AcceptAsync(request, cancel) switch
        {
            SubmissionResult.Accepted accepted => (accepted.Id, null),
            SubmissionResult.Refused { Refusal: var refusal } => (null, VisibleText.Of(refusal.Text, ViewLimits.Value)),
            _ => throw new UnreachableException(),
        };
    }

    private static Mailbox Read(string written) =>
        Mailbox.TryParse(written, out var mailbox, out var problem) ? mailbox : throw new FormatException(problem);
}
