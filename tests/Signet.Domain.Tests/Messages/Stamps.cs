using Signet.Addresses;
using Signet.Messages;

namespace Signet.Tests.Messages;

internal static class Stamps
{
    /// <summary>A stamp that is the same in every run.</summary>
    public static MessageStamp Fixed { get; } = new(
        MessageId.Parse("01000199aabbccdd-11111111-2222-4333-8444-555555555555-000000"),
        DomainName.Parse("mail.signet.test"),
        new DateTimeOffset(2025, 10, 3, 14, 5, 6, 789, TimeSpan.FromHours(2)));
}
