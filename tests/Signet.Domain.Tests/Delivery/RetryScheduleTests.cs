using CsCheck;
using Signet.Delivery;

namespace Signet.Tests.Delivery;

public sealed class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 5)]
    [InlineData(6, 30)]
    [InlineData(7, 60)]
    public void Early_attempts_follow_the_table_within_its_jitter(int attempts, int minutes) =>
        Gen.Int.Sample(seed =>
            Assert.InRange(RetrySchedule.Next(TimeSpan.Zero, attempts, new Random(seed))!.Value.TotalMinutes, minutes * 0.85, minutes * 1.15));

    [Fact]
    public void Later_ones_come_every_60_to_90_minutes() =>
        Gen.Int[8, 1000].Sample(attempts =>
            Assert.InRange(RetrySchedule.Next(TimeSpan.Zero, attempts, new Random(attempts))!.Value.TotalMinutes, 60, 90));

    [Fact]
    public void A_message_is_tried_until_its_time_is_over_and_once_when_it_is() =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var (age, attempts) = (TimeSpan.Zero, 1);
            while (RetrySchedule.Next(age, attempts, random) is { } wait)
            {
                Assert.True(wait > TimeSpan.Zero);
                (age, attempts) = (age + wait, attempts + 1);
            }

            Assert.Equal(RetrySchedule.MaxAge, age);
            Assert.InRange(attempts, 15, 25);
        });
}
