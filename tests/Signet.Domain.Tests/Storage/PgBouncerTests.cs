using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public sealed class PgBouncerTests : IAsyncLifetime
{
    private static readonly SecretBox Secrets = new(new byte[MasterKey.Length]);

    private PgBouncer _bouncer = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bouncer = await PgBouncer.StartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        if (_bouncer is not null)
        {
            await _bouncer.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(";Max Auto Prepare=0")]
    [InlineData(";Max Auto Prepare=0;No Reset On Close=false")]
    public async Task Behind_PgBouncer_in_transaction_mode_every_send_is_stored_claimed_and_recorded(string more)
    {
        await using var database = await Database.OpenPostgresAsync(_bouncer.ConnectionString + more, Secrets, Cancel);
        var queue = new SqlMessageQueue(database);
        Assert.False(await PostgresOpeningTests.PreparesAsync(database));

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
