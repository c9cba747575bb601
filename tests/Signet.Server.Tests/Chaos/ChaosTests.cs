using System.Runtime.Versioning;
using Signet.Tests.Storage;

namespace Signet.Server.Tests.Chaos;

/// <summary>Mishaps under load: see the README beside this file.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Nodes = 3;

    /// <summary>Until all nodes accept and deliver again. Fifteen seconds are aimed at, and a busy machine gets some more.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_are_killed_behind_PgBouncer_while_one_of_their_clocks_is_a_minute_ahead()
    {
        var ahead = await SkewedClock.AheadAsync(TimeSpan.FromMinutes(1));
        await using var bouncer = await PgBouncer.StartAsync(Cancel, tracksStatements: true, sessions: 10);
        await using var cluster = await ChaosCluster.StartAsync(bouncer.ConnectionString, ahead);
        var random = TestRandom.New();

        for (var round = 0; round < Rounds.Or(3); round++)
        {
            await Task.Delay(random.Next(150), Cancel);
            await cluster.KillAndStartAsync(round % Nodes);
        }

        await cluster.EndAsync(output);
    }

    [Fact]
    public async Task The_primary_restarts_and_nothing_accepted_is_lost_or_repeated()
    {
        await using var pair = await PostgresPair.StartAsync(Cancel);
        await using var cluster = await ChaosCluster.StartAsync(pair.ConnectionString);

        for (var round = 0; round < Rounds.Or(2); round++)
        {
            var mode = round % 2 == 0 ? "immediate" : "fast";
            await cluster.RecoverAsync(async () =>
            {
                await pair.Primary.StopAsync(mode, Cancel);
                await pair.Primary.StartAsync(Cancel);
            });
        }

        await cluster.EndAsync(output);
        Assert.All(cluster.Recoveries, r => Assert.InRange(r.Delivering, TimeSpan.Zero, Promised));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_disk_of_PostgreSQL_fills_and_nothing_accepted_is_lost_or_repeated()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mounts as Linux does");
        await using var small = await SmallPostgres.StartAsync("100m");
        await using var cluster = await ChaosCluster.StartAsync(small.ConnectionString);

        for (var round = 0; round < Rounds.Or(1); round++)
        {
            var refused = cluster.Refused;
            await cluster.RecoverAsync(async () =>
            {
                // Again and again: a server that ends at a full disk leaves some room.
                await Eventually.TrueAsync(async () =>
                {
                    await small.FillAsync();
                    return cluster.Refused > refused + 20;
                });
                await small.MakeRoomAsync();
            });
        }

        await cluster.EndAsync(output);
    }

    [Fact]
    public async Task A_standby_takes_over_from_a_frozen_primary_and_nothing_accepted_is_lost_or_repeated()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "freezes processes as Linux does");
        await using var pair = await PostgresPair.StartAsync(Cancel);
        await using var cluster = await ChaosCluster.StartAsync(pair.ConnectionString);

        for (var round = 0; round < Rounds.Or(2); round++)
        {
            var old = pair.Primary;
            await cluster.RecoverAsync(async () =>
            {
                await old.FreezeAsync(Cancel);
                await pair.FailOverAsync(Cancel);
            });

            // It wakes and calls itself a primary, but nobody listens.
            await old.ThawAsync(Cancel);
            await pair.RebuildAsync(Cancel);
        }

        await cluster.EndAsync(output);
        Assert.All(cluster.Recoveries, r => Assert.InRange(r.Delivering, TimeSpan.Zero, Promised));
    }
}
