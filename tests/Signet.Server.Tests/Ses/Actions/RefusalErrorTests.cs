using Signet.Sending;
using Signet.Server.Ses.Actions.Sending;

namespace Signet.Server.Tests.Ses.Actions;

public sealed class RefusalErrorTests
{
    public static TheoryData<Refusal, int, string, string> Refusals() => new()
    {
        { new Refusal.Invalid("Duplicate header 'Date'."), 400, "InvalidParameterValue", "Duplicate header 'Date'." },
        {
            new Refusal.NotVerified(["Shop <s@y.test>", "a@x.test"], "us-east-1"), 400, "MessageRejected",
            "Email address is not verified. The following identities failed the check in region US-EAST-1: Shop <s@y.test>, a@x.test"
        },
        {
            new Refusal.AccessDenied("arn:aws:iam::111122223333:user/x", "ses:SendEmail", "arn:aws:ses:us-east-1:444455556666:identity/shop.test"),
            403, "AccessDenied",
            "User `arn:aws:iam::111122223333:user/x' is not authorized to perform `ses:SendEmail' on resource `arn:aws:ses:us-east-1:444455556666:identity/shop.test'"
        },
        { new Refusal.SendingPaused(), 400, "AccountSendingPausedException", "Email sending is paused for this account in this region; UpdateAccountSendingEnabled resumes it." },
        {
            new Refusal.AccountPaused(), 400, "AccountSendingPausedException",
            "Sending paused for this account. For more information, please contact the operator of this server."
        },
        { new Refusal.NoSuchConfigurationSet("x"), 400, "ConfigurationSetDoesNotExist", "Configuration set <x> does not exist." },
        { new Refusal.RateExceeded(), 400, "Throttling", "Maximum sending rate exceeded." },
        { new Refusal.QuotaExceeded(), 400, "Throttling", "Daily message quota exceeded." },
        {
            new Refusal.TooManyRefused(new Refusal.Invalid("Duplicate header 'Date'.")), 400, "Throttling",
            "Maximum sending rate exceeded. Too many sends of this account are refused, this one too: Duplicate header 'Date'."
        },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_is_answered_in_the_words_of_SES(Refusal refusal, int status, string code, string text)
    {
        var error = RefusalError.Of(refusal).Error;

        Assert.Equal((status, code, text, "Sender"), (error.Status, error.Code, error.Message, error.Type));
    }

    [Fact]
    public void Every_kind_of_refusal_has_an_answer() => Assert.Equal(
        typeof(Refusal).GetNestedTypes().Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))),
        Refusals().Select(r => r.Data.Item1.GetType()).Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))));
}
