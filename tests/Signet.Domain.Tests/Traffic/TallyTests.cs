using Signet.Traffic;

namespace Signet.Tests.Traffic;

public sealed class TallyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 20, 0, TimeSpan.Zero);

    [Fact]
    public void Each_recipient_counts_in_every_resolution_for_all_and_for_its_names()
    {
        var tally = Tally.Of([Happened(Now, "one.example", "one.example", "two.example")], Now);

        Assert.Equal(3 * 4, tally.Count);
        Assert.Equal(
            [("one.example", 2), ("two.example", 1)],
            tally.Where(c => c.Cell.Resolution == TrafficResolution.Quarter && c.Cell.Dimension == TrafficDimension.Destination)
                .Select(c => (c.Cell.Name, c.Counts.Delivered)));
        Assert.Equal(3, Assert.Single(tally, c => c.Cell.Resolution == TrafficResolution.Hour && c.Cell.Dimension is null).Counts.Delivered);
        Assert.Equal(
            new DateTimeOffset(2026, 3, 1, 12, 15, 0, TimeSpan.Zero),
            DateTimeOffset.UnixEpoch.AddMinutes(tally.First(c => c.Cell.Resolution == TrafficResolution.Quarter).Cell.Start));
    }

    [Fact]
    public void Without_an_identity_none_is_counted() =>
        Assert.DoesNotContain(
            Tally.Of([Happened(Now, "one.example") with { Identity = null }], Now), c => c.Cell.Dimension == TrafficDimension.Identity);

    [Fact]
    public void What_is_too_old_for_a_resolution_is_left_out_of_it() =>
        Assert.Equal(
            [TrafficResolution.Hour], Tally.Of([Happened(Now.AddDays(-4), "one.example")], Now).Select(c => c.Cell.Resolution).Distinct());

    [Fact]
    public void The_busiest_names_are_kept_apart_and_the_rest_is_counted_together()
    {
        string[] once = [.. Enumerable.Range(0, Tally.MostNames + 4).Select(i => $"d{i}.example")];

        var minute = Tally.Of([Happened(Now, [.. once, "z.example", "z.example"])], Now)
            .Where(c => c.Cell.Resolution == TrafficResolution.Minute && c.Cell.Dimension == TrafficDimension.Destination).ToList();

        Assert.Equal(Tally.MostNames + 1, minute.Count);
        Assert.Equal(("z.example", 2), (minute[0].Cell.Name, minute[0].Counts.Delivered));
        Assert.Equal((Tally.Others, 5), (minute[^1].Cell.Name, minute[^1].Counts.Delivered));
    }

    private static CountedEvent Happened(DateTimeOffset at, params string[] destinations) =>
        new("111122223333", "us-east-1", at, TrafficKind.Delivered, "arn:aws:ses:us-east-1:111122223333:identity/example.com", destinations);
}
