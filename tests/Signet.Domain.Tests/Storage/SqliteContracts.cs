namespace Signet.Tests.Storage;

public sealed class SqliteMessageQueueTests() : MessageQueueContract(new SqliteStore());

public sealed class SqliteMessageArchiveTests() : MessageArchiveContract(new SqliteStore());

public sealed class SqliteSendingHistoryTests() : SendingHistoryContract(new SqliteStore());

public sealed class SqliteQuotaTests() : QuotaContract(new SqliteStore());

public sealed class SqlitePolicyStoreTests() : PolicyStoreContract(new SqliteStore());

public sealed class SqlitePastDecisionTests() : PastDecisionContract(new SqliteStore());

public sealed class SqliteAccountStoreTests() : AccountStoreContract(new SqliteStore());

public sealed class SqliteIdentityStoreTests() : IdentityStoreContract(new SqliteStore());

public sealed class SqliteQueueModelTests() : QueueModelContract(new SqliteStore());

public sealed class SqliteQueueControlTests() : QueueControlContract(new SqliteStore());

public sealed class SqliteOperatorStoreTests() : OperatorStoreContract(new SqliteStore());

public sealed class SqliteSessionKeyStoreTests() : SessionKeyStoreContract(new SqliteStore());

public sealed class SqliteServerMailTests() : ServerMailContract(new SqliteStore());

public sealed class SqliteUpgradeTests() : UpgradeContract(new SqliteStore());

public sealed class SqliteTrafficTests() : TrafficContract(new SqliteStore());
