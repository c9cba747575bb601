using System.Net;
using Signet.Names;
using Signet.Sending;

namespace Signet.Tests.Sending;

public sealed class DescribedSendTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly DescribedSend Least = new() { Principal = "111122223333", Action = "SendEmail", Source = "a@example.com" };

    [Fact]
    public void What_is_not_said_is_unknown_and_now()
    {
        Assert.True(Least.TryRead(Now, RegionSet.Aws, out var attempt, out _));

        Assert.Equal("arn:aws:iam::111122223333:root", attempt.Caller.Principal.Arn);
        Assert.Equal("us-east-1", attempt.Caller.Region.Value);
        Assert.Equal("ses:SendEmail", attempt.Action);
        Assert.Equal(Now, attempt.Time);
        Assert.Null(attempt.Caller.SecureTransport);
        Assert.Null(attempt.SourceArn);
    }

    [Fact]
    public void Everything_that_is_said_is_asked()
    {
        var send = Least with
        {
            Action = "ses:sendrawemail",
            Region = "eu-west-1",
            From = ["Ann <ann@example.com>"],
            Sender = "s@example.com",
            ReturnPath = "r@example.com",
            To = ["x@example.org", "y@example.org"],
            SourceArn = "arn:aws:ses:eu-west-1:444455556666:identity/example.com",
            SourceIp = "192.0.2.1",
            SecureTransport = false,
            ApiVersion = "1",
            Time = "2026-02-01T00:00:00Z",
        };

        Assert.True(send.TryRead(Now, RegionSet.Aws, out var attempt, out _));

        Assert.Equal("ses:SendRawEmail", attempt.Action);
        Assert.Equal("Ann", attempt.From.Single().DisplayName);
        Assert.Equal(["x@example.org", "y@example.org"], attempt.Recipients.Select(r => r.Address.ToString()));
        Assert.Equal("SourceArn", attempt.SourceArn?.NamedBy);
        Assert.Equal(IPAddress.Parse("192.0.2.1"), attempt.Caller.SourceIp);
        Assert.False(attempt.Caller.SecureTransport);
        Assert.Equal(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), attempt.Time);
    }

    public static TheoryData<DescribedSend, string> Unreadable => new()
    {
        { Least with { Principal = "me" }, "the principal `me` is neither" },
        { Least with { Principal = null }, "the principal `` is neither" },
        { Least with { Action = "ListIdentities" }, "the action `ListIdentities` is not one of" },
        { Least with { Source = null }, "a source or a From address is needed" },
        { Least with { Source = "nobody" }, "the source `nobody` is not an email address" },
        { Least with { To = ["@"] }, "the recipient `@` is not an email address" },
        { Least with { Region = "Mars!" }, "`Mars!` is not a region of this server" },
        { Least with { Region = "us-esat-1" }, "`us-esat-1` is not a region of this server, which has us-east-1" },
        { Least with { SourceArn = "arn:x" }, "the SourceArn `arn:x` is not the ARN of an identity" },
        { Least with { SourceIp = "here" }, "the source IP `here` is not an IP address" },
        { Least with { Time = "soon" }, "`soon` is not a time" },
        { Least with { ApiVersion = "3" }, "the API version `3` is neither" },
        { Least with { From = [.. Enumerable.Repeat("a@example.com", 11)] }, "From address count exceeds 10." },
        { Least with { To = [.. Enumerable.Repeat("a@example.com", 51)] }, "Recipient count exceeds 50." },
        { Least with { Sender = $"{new string('a', 400)}@example.com" }, "the sender `aaa" },
        { Least with { Source = new string('x', 1_000_000) }, "the source `xxx" },
    };

    [Theory]
    [MemberData(nameof(Unreadable), DisableDiscoveryEnumeration = true)]
    public void A_word_that_cannot_be_read_is_named(DescribedSend send, string problem)
    {
        Assert.False(send.TryRead(Now, RegionSet.Aws, out _, out var said));

        Assert.StartsWith(problem, said, StringComparison.Ordinal);
        Assert.InRange(said.Length, 1, 1_000);
    }
}
