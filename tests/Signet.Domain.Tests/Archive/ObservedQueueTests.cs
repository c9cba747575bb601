using Signet.Addresses;
using Signet.Archive;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Telemetry;
using Signet.Tests.Fakes;

namespace Signet.Tests.Archive;

public sealed class ObservedQueueTests : IDisposable
{
    private readonly ArrivalSignal arrivals = new();
    private readonly SignetMetrics metrics = new();
    private readonly StubQueue inner = new();

    public void Dispose() => metrics.Dispose();

    [Fact]
    public async Task A_stored_message_wakes_those_who_wait()
    {
        var next = arrivals.Next;

        await Observed().EnqueueAsync(Message(), null, null, TestContext.Current.CancellationToken);

        Assert.True(next.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_message_over_quota_wakes_nobody()
    {
        inner.Answer = EnqueueResult.QuotaExceeded;
        var next = arrivals.Next;

        var result = await Observed().EnqueueAsync(Message(), 0, null, TestContext.Current.CancellationToken);

        Assert.Equal(EnqueueResult.QuotaExceeded, result);
        Assert.False(next.IsCompleted);
    }

    private ObservedQueue Observed() => new(inner, arrivals, metrics);

    private static NewMessage Message()
    {
        var owner = new AccountRegion(AccountId.Parse("111122223333"), Region.Default);
        var sender = new EmailAddress("sender", DomainName.Parse("example.com"));
        return new NewMessage
        {
            Id = MessageId.New(owner.Region, DateTimeOffset.UnixEpoch, new Random(1)),
            Owner = owner,
            AcceptedAt = DateTimeOffset.UnixEpoch,
            Principal = "arn:aws:iam::111122223333:root",
            Operation = "SendEmail",
            Source = "sender@example.com",
            SourceArn = null,
            BounceAddress = sender,
            EnvelopeFrom = sender,
            Subject = "",
            SourceIp = null,
            Tags = [],
            Decision = new SendDecision(true, "it may", "arn:aws:iam::111122223333:root", "ses:SendEmail", "us-east-1", []),
            Content = ReadOnlyMemory<byte>.Empty,
            Recipients = [sender],
            QuotaUse = 1,
        };
    }
}
