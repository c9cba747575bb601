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

public sealed class PostgresOperatorStoreTests(PostgresServer server) : SqlOperatorStoreContract(new PostgresStore(server));

public sealed class PostgresSessionKeyStoreTests(PostgresServer server) : SqlSessionKeyStoreContract(new PostgresStore(server));

public sealed class PostgresServerMailTests(PostgresServer server) : ServerMailContract(new PostgresStore(server));

public sealed class PostgresUpgradeTests(PostgresServer server) : UpgradeContract(new PostgresStore(server));

public sealed class PostgresTrafficTests(PostgresServer server) : TrafficContract(new PostgresStore(server));
