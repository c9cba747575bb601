using Signet.Delivery;
using Signet.Smtp;

namespace Signet.Tests.Delivery;

public sealed class BounceKindTests
{
    [Theory]
    [InlineData(SmtpStage.Recipient, 550, "5.1.1 user unknown", "Permanent/General")]
    [InlineData(SmtpStage.Recipient, 550, "no such user here", "Permanent/General")]
    [InlineData(SmtpStage.Recipient, 556, "5.1.10 null MX", "Permanent/General")]
    [InlineData(SmtpStage.Recipient, 550, "5.2.1 mailbox disabled", "Permanent/General")]
    [InlineData(SmtpStage.FinalDot, 550, "User unknown", "Permanent/General")]
    [InlineData(SmtpStage.Recipient, 550, "no", "Permanent/General")]
    [InlineData(SmtpStage.Mail, 550, "no", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 552, "5.2.2 full", "Transient/MailboxFull")]
    [InlineData(SmtpStage.Recipient, 452, "4.2.2 full", "Transient/MailboxFull")]
    [InlineData(SmtpStage.Recipient, 552, "over quota", "Transient/MailboxFull")]
    [InlineData(SmtpStage.Mail, 552, "5.3.4 too big", "Transient/MessageTooLarge")]
    [InlineData(SmtpStage.FinalDot, 554, "message size exceeds the limit", "Transient/MessageTooLarge")]
    [InlineData(SmtpStage.FinalDot, 554, "5.7.0 executable attachment", "Transient/AttachmentRejected")]
    [InlineData(SmtpStage.FinalDot, 554, "5.7.1 this is spam", "Transient/ContentRejected")]
    [InlineData(SmtpStage.Recipient, 554, "5.7.1 your IP is on a blocklist", "Transient/General")]
    [InlineData(SmtpStage.FinalDot, 550, "5.7.26 unauthenticated", "Transient/General")]
    [InlineData(SmtpStage.Connect, 550, "5.4.4 Invalid domain", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 550, "5.3.0 denied", "Transient/General")]
    [InlineData(SmtpStage.Connect, 421, "4.4.1 Failed to establish connection", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 504, "5.5.2 <mail>: Helo command rejected: need fully-qualified hostname", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 501, "5.5.2 <mail>: Helo command rejected: Invalid name", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 550, "bad HELO name", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 501, "5.1.3 bad recipient address syntax", "Permanent/General")]
    [InlineData(SmtpStage.Recipient, 501, "bad address", "Permanent/General")]
    [InlineData(SmtpStage.Recipient, 503, "bad sequence of commands", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 503, "5.5.1 need MAIL command", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 530, "5.7.0 Authentication required", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 530, "Must issue a STARTTLS command first", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 538, "Encryption required", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 555, "parameters not recognized", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 552, "5.5.3 too many recipients", "Transient/General")]
    public void A_bounce_is_permanent_only_if_the_address_is_bad(SmtpStage stage, int code, string text, string kind)
    {
        var found = BounceKind.Of(stage, SmtpReply.Of(code, text));

        Assert.Equal(kind, $"{found.Type}/{found.SubType}");
    }

    [Theory]
    [InlineData(SmtpStage.Recipient, 552, "too many recipients", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 450, "no such user here, perhaps", "Transient/General")]
    [InlineData(SmtpStage.Recipient, 452, "4.2.2 full", "Transient/MailboxFull")]
    public void A_message_whose_time_is_over_blames_no_address(SmtpStage stage, int code, string text, string kind)
    {
        var found = BounceKind.OfExpired(stage, SmtpReply.Of(code, text));

        Assert.Equal(kind, $"{found.Type}/{found.SubType}");
    }

    [Theory]
    [InlineData(SmtpStage.Connect, 421, "4.4.1 no answer", "TransientCommunicationFailure")]
    [InlineData(SmtpStage.Recipient, 452, "4.2.2 full", "MailboxFull")]
    [InlineData(SmtpStage.FinalDot, 451, "4.7.0 looks like spam", "SpamDetected")]
    [InlineData(SmtpStage.FinalDot, 451, "4.7.0 rate limit", "SpamDetected")]
    [InlineData(SmtpStage.Recipient, 451, "4.7.1 see spamhaus", "IPFailure")]
    [InlineData(SmtpStage.Data, 451, "4.3.0 disk", "RecipientServerError")]
    [InlineData(SmtpStage.Recipient, 450, "4.7.1 greylisted", "General")]
    [InlineData(SmtpStage.Connect, 451, "4.3.0 internal error while delivering (see the log, InvalidDataException)", "InternalFailure")]
    [InlineData(SmtpStage.Greeting, 451, "4.3.0 system busy", "TransientCommunicationFailure")]
    public void A_delay_has_a_type(SmtpStage stage, int code, string text, string type) =>
        Assert.Equal(type, BounceKind.DelayType(stage, SmtpReply.Of(code, text)));
}
