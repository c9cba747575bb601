using CsCheck;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Tests.Storage;

public sealed class LaneSharesTests
{
    private static readonly Gen<(int Domain, int Due)[]> Backlog = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 30]).Array[0, 40];

    [Fact]
    public void Lanes_get_no_more_than_is_due_than_there_is_room_for_and_than_was_asked_for() =>
        Gen.Select(Backlog, Gen.Int[0, 60], Gen.Int[0, 12]).Sample((backlog, most, room) =>
        {
            var lanes = Lanes(backlog);

            var (shares, reached) = LaneShares.Of(lanes, new ClaimRequest(default, most) { Admit = (_, wanted) => Math.Min(room, wanted) });

            var due = lanes.ToDictionary(l => l.Name, l => l.Due);
            Assert.All(shares, s => Assert.InRange(s.Most, 1, due[s.Lane]));
            Assert.True(shares.Sum(s => s.Most) <= most);
            Assert.All(shares.GroupBy(s => s.Lane[..s.Lane.IndexOf(' ', StringComparison.Ordinal)]), d => Assert.True(d.Sum(s => s.Most) <= room));
            Assert.Equal(reached < lanes.Count, lanes.Skip(reached).Any(l => l.Due > 0) && shares.Sum(s => s.Most) == most);
        });

    [Fact]
    public void No_account_gets_less_than_another_of_the_same_domain_unless_it_has_less() => Backlog.Sample(backlog =>
    {
        var lanes = Lanes([.. backlog.Select(b => (0, b.Due))]);

        var shares = LaneShares.Of(lanes, new ClaimRequest(default, 50)).Shares.ToDictionary(s => s.Lane, s => s.Most);

        Assert.All(lanes, one => Assert.All(lanes, other =>
        {
            var (mine, others) = (shares.GetValueOrDefault(one.Name), shares.GetValueOrDefault(other.Name));
            Assert.True(mine >= others - 1 || mine == one.Due, $"{one} got {mine}, {other} {others}");
        }));
    });

    [Fact]
    public void A_domain_without_room_leaves_what_was_asked_for_to_the_others()
    {
        Lane[] lanes = [new("slow.test 1", int.MaxValue), new("slow.test 2", 3), new("swift.test 1", 5)];

        var (shares, reached) = LaneShares.Of(lanes, new ClaimRequest(default, 10) { Admit = (domain, wanted) => domain == "slow.test" ? 0 : wanted });

        Assert.Equal([("swift.test 1", 5)], shares);
        Assert.Equal(3, reached);
    }

    private static List<Lane> Lanes((int Domain, int Due)[] backlog) =>
        [.. backlog.Select((b, i) => new Lane($"d{b.Domain}.test {i:D3}", b.Due)).OrderBy(l => l.Name, StringComparer.Ordinal)];
}
