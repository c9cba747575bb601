using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Web.Decisions;
using Signet.Web.Shell;

namespace Signet.Web.Tests.Decisions;

public sealed class SimulationTests
{
    private static readonly Viewer Everyone = new("e", OperatorRole.Read, null);

    private static readonly Simulation Full = new()
    {
        Principal = "arn:aws:iam::444455556666:user/mailer",
        Action = "ses:SendRawEmail",
        Region = "eu-west-1",
        Source = "\"A, B\" <a+b@example.com>",
        From = "a@example.com\nb@example.com",
        Sender = "s@example.com",
        ReturnPath = "r@example.com",
        To = "x@example.net\ny@example.net",
        SourceArn = "arn:1",
        FromArn = "arn:2",
        ReturnPathArn = "arn:3",
        SourceIp = "192.0.2.7",
        UserAgent = "a b&c=d",
        SecureTransport = "false",
        ApiVersion = "2",
        Time = "2026-01-31T12:00:00Z",
        Identity = "arn:4",
        Policy = "p",
        PolicyText = """{"a":"b c","d":["\u00e9 #&"]}""",
    };

    [Fact]
    public void Its_address_holds_all_of_it() => Assert.Equal(Full, Simulation.Read(Full.Address[Full.Address.IndexOf('?', StringComparison.Ordinal)..]));

    [Fact]
    public void A_text_that_is_no_policy_yet_goes_as_it_is()
    {
        var half = Full with { PolicyText = "{ \"a\":\n" };

        Assert.Equal(half, Simulation.Read(half.Address[half.Address.IndexOf('?', StringComparison.Ordinal)..]));
    }

    [Fact]
    public void A_text_that_is_too_long_is_left_out_and_that_is_known()
    {
        var large = Full with { PolicyText = $"\"{new string('{', 4000)}\"" };

        Assert.False(large.IsTextInAddress);
        Assert.True(large.Address.Length < Simulation.MaxAddress);
        Assert.DoesNotContain("text=", large.Address, StringComparison.Ordinal);
        Assert.True(Full.IsTextInAddress);
    }

    [Fact]
    public void A_send_to_many_long_recipients_has_no_address()
    {
        Assert.True(Full.IsLinkable);
        Assert.False((Full with { To = string.Join('\n', Enumerable.Range(10, 50).Select(i => $"{new string('r', 250)}{i}@example.net")) }).IsLinkable);
    }

    [Fact]
    public void A_policy_that_the_viewer_may_not_read_is_not_named()
    {
        var identity = "arn:aws:ses:us-east-1:111122223333:identity/shop.test";
        var decision = new SendDecision(false, "no", "arn:aws:iam::444455556666:root", "ses:SendEmail", "us-east-1",
        [
            Check(AddressRole.Source, "a@shop.test", identity, "SourceArn") with
            {
                OwnerPolicies = new Decision(DecisionOutcome.Deny, [new("secret", 0, null, PolicyEffect.Deny, true, true, true, true, [])]),
            },
        ]);

        Assert.Equal("", OfViewer("444455556666").Policy);
        Assert.Equal("secret", OfViewer("111122223333").Policy);

        Simulation OfViewer(string account) => Simulation.Of(
            new Viewer("v", OperatorRole.Administer, AccountId.Parse(account)), decision, DateTimeOffset.UnixEpoch, ["x@example.net"]);
    }

    [Fact]
    public void A_decision_tells_the_send_that_it_was_about()
    {
        var asked = new Decision(DecisionOutcome.NoMatch,
        [
            new("p", 0, null, PolicyEffect.Allow, false, true, true, true,
                [new("IpAddress", "AWS:sourceip", ["192.0.2.0/24"], ["198.51.100.9"], false, null), new("Bool", "aws:SecureTransport", ["true"], null, false, null)]),
        ]);
        var decision = new SendDecision(false, "no", "arn:aws:iam::444455556666:root", "ses:SendRawEmail", "eu-west-1",
        [
            Check(AddressRole.Source, "a@shop.test", "arn:source", "X-SES-SOURCE-ARN") with { OwnerPolicies = asked },
            Check(AddressRole.From, "b@shop.test", "arn:from", "FromArn"),
            Check(AddressRole.From, "c@shop.test", "arn:source", "X-SES-SOURCE-ARN"),
            Check(AddressRole.ReturnPath, "r@mine.test", "arn:own", null),
        ]);

        var simulation = Simulation.Of(Everyone, decision, new DateTimeOffset(2026, 1, 31, 12, 0, 0, 5, TimeSpan.Zero), ["x@example.net", "y@example.net"]);

        Assert.Equal(
            new Simulation
            {
                Principal = "arn:aws:iam::444455556666:root",
                Action = "ses:SendRawEmail",
                Region = "eu-west-1",
                Source = "a@shop.test",
                From = "b@shop.test\nc@shop.test",
                ReturnPath = "r@mine.test",
                To = "x@example.net\ny@example.net",
                SourceArn = "arn:source",
                FromArn = "arn:from",
                Identity = "arn:source",
                Policy = "p",
                SourceIp = "198.51.100.9",
                Time = "2026-01-31T12:00:00.005Z",
            },
            simulation);
    }

    private static AddressCheck Check(AddressRole role, string address, string identity, string? namedBy) =>
        new(role, address, CheckOutcome.AccessDenied, "no", identity, namedBy, null, null, null);
}
