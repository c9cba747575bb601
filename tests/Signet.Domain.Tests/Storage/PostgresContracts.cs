using Signet.Names;
using Signet.Storage;

namespace Signet.Tests.Storage;

public sealed class PostgresMessageQueueTests(PostgresServer server) : MessageQueueContract(new PostgresStore(server));

public sealed class PostgresMessageArchiveTests(PostgresServer server) : MessageArchiveContract(new PostgresStore(server));

public sealed class PostgresSendingHistoryTests(PostgresServer server) : SendingHistoryContract(new PostgresStore(server));

public sealed class PostgresQuotaTests(PostgresServer server) : QuotaContract(new PostgresStore(server));

public sealed class PostgresPolicyStoreTests(PostgresServer server) : SqlPolicyStoreContract(new PostgresStore(server));

public sealed class PostgresPastDecisionTests(PostgresServer server) : PastDecisionContract(new PostgresStore(server));

public sealed class PostgresAccountStoreTests(PostgresServer server) : SqlAccountStoreContract(new PostgresStore(server));

public sealed class PostgresIdentityStoreTests(PostgresServer server) : SqlIdentityStoreContract(new PostgresStore(server));

public sealed class PostgresQueueModelTests(PostgresServer server) : QueueModelContract(new PostgresStore(server));

public sealed class PostgresQueueControlTests(PostgresServer server) : QueueControlContract(new PostgresStore(server));

public sealed class PostgresQueueTotalsTests(PostgresServer server) : QueueTotalsContract(new PostgresStore(server));

public sealed class PostgresSelectorTests(PostgresServer server) : SelectorContract(new PostgresStore(server));

public sealed class PostgresSuspensionTests(PostgresServer server) : SuspensionContract(new PostgresStore(server));

public sealed class PostgresOperatorStoreTests(PostgresServer server) : SqlOperatorStoreContract(new PostgresStore(server));

public sealed class PostgresSessionKeyStoreTests(PostgresServer server) : SqlSessionKeyStoreContract(new PostgresStore(server));

public sealed class PostgresServerMailTests(PostgresServer server) : ServerMailContract(new PostgresStore(server));

public sealed class PostgresUpgradeTests(PostgresServer server) : UpgradeContract(new PostgresStore(server));

public sealed class PostgresTrafficTests(PostgresServer server) : TrafficContract(new PostgresStore(server));

public sealed class PostgresConfigurationTests(PostgresServer server) : ConfigurationContract(new PostgresStore(server))
{
    /// <summary>The version is known for half a second.</summary>
    protected override int ReadsOfASend => 0;

    [Fact]
    public async Task Another_nodes_change_is_not_looked_for_more_often_than_twice_a_second()
    {
        var reads = 0;
        var identities = new SqlIdentityStore(Here);
        await identities.FindAllForSendAsync(Samples.Owner, [IdentityName.Parse("example.com")], TestContext.Current.CancellationToken);
        Here.BeforeRead = () => Task.FromResult(reads++);

        for (var i = 0; i < 10; i++)
        {
            await identities.FindAllForSendAsync(Samples.Owner, [IdentityName.Parse("example.com")], TestContext.Current.CancellationToken);
            Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(1, reads);
    }
}
