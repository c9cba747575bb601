namespace Signet.Tests.Storage;

public sealed class SqliteMessageQueueTests() : MessageQueueContract(new SqliteStore());

public sealed class SqliteMessageArchiveTests() : MessageArchiveContract(new SqliteStore());

public sealed class SqliteSendingHistoryTests() : SendingHistoryContract(new SqliteStore());

public sealed class SqliteQuotaTests() : QuotaContract(new SqliteStore());

public sealed class SqlitePolicyStoreTests() : SqlPolicyStoreContract(new SqliteStore());

public sealed class SqlitePastDecisionTests() : PastDecisionContract(new SqliteStore());

public sealed class SqliteAccountStoreTests() : SqlAccountStoreContract(new SqliteStore());

public sealed class SqliteIdentityStoreTests() : SqlIdentityStoreContract(new SqliteStore());

public sealed class SqliteQueueModelTests() : QueueModelContract(new SqliteStore());

public sealed class SqliteQueueControlTests() : QueueControlContract(new SqliteStore());

public sealed class SqliteQueueTotalsTests() : QueueTotalsContract(new SqliteStore());

public sealed class SqliteSelectorTests() : SelectorContract(new SqliteStore());

public sealed class SqliteSuspensionTests() : SuspensionContract(new SqliteStore());

public sealed class SqliteOperatorStoreTests() : SqlOperatorStoreContract(new SqliteStore());

public sealed class SqliteSessionKeyStoreTests() : SqlSessionKeyStoreContract(new SqliteStore());

public sealed class SqliteServerMailTests() : ServerMailContract(new SqliteStore());

public sealed class SqliteUpgradeTests() : UpgradeContract(new SqliteStore());

public sealed class SqliteTrafficTests() : TrafficContract(new SqliteStore());

public sealed class SqliteConfigurationTests() : ConfigurationContract(new SqliteStore())
{
    /// <summary>Of one number each: the version.</summary>
    protected override int ReadsOfASend => 8;
}
