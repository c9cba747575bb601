using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public sealed class PgBouncerTests
{
    private static readonly SecretBox Secrets = new(new byte[MasterKey.Length]);


    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "")]
    [InlineData(false, ";Max Auto Prepare=0")]
    [InlineData(false, ";Max Auto Prepare=0;No Reset On Close=false")]
    [InlineData(true, "")]
    public async Task Behind_PgBouncer_in_transaction_mode_every_send_is_stored_claimed_and_recorded(bool tracks, string more)
    {
        await using var bouncer = await PgBouncer.StartAsync(Cancel, tracks);
        await using var database = await Database.OpenPostgresAsync(bouncer.ConnectionString + more, Secrets, Cancel);
        var queue = new SqlMessageQueue(database);

        // PgBouncer that keeps account of them gives them to whichever session a transaction gets.
        Assert.Equal(bouncer.TracksStatements, await PostgresOpeningTests.PreparesAsync(database));

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(SendAsync, Cancel)));

        Assert.All(results.SelectMany(r => r), r => Assert.Equal(EnqueueResult.Stored, r));
        Assert.Equal(240, await new SqlSendingHistory(database).QuotaUsedAsync(Owner, Noon, Cancel));
        var result = 0;
        while (await queue.ClaimAsync("n1", new ClaimRequest(Noon, 50), Cancel) is { Count: > 0 } claimed)
        {
            result += await queue.StoreResultsAsync("n1", [.. claimed.Select(m => Delivered(m.Id, 0, Noon))], Cancel);
        }

        Assert.Equal(240, result);

        async Task<List<EnqueueResult>> SendAsync()
        {
            List<EnqueueResult> stored = [];
            for (var i = 0; i < 20; i++)
            {
                stored.Add(await queue.EnqueueAsync(Message(), i % 2 == 0 ? 1_000_000 : null, null, Cancel));
                await queue.CountAsync(Cancel);
            }

            return stored;
        }
    }
}
