using Signet.Accounts;
using Signet.Archive;
using Signet.Identities;
using Signet.Operators;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Tests.Fakes;

namespace Signet.Tests.Storage;

// The fakes that tests of the rules above the stores stand on keep to what the stores keep to.

public sealed class InMemoryAccountStoreTests : AccountStoreContract
{
    private readonly InMemoryIdentityStore _identities = new();
    private readonly InMemoryAccountStore _accounts;

    public InMemoryAccountStoreTests()
        : base(null) => _accounts = new InMemoryAccountStore { ListIdentities = () => _identities.Arns };

    protected override IIdentityStore Identities => _identities;

    protected override IAccountStore Accounts => _accounts;
}

public sealed class InMemoryIdentityStoreTests : IdentityStoreContract
{
    private readonly InMemoryPolicyStore _policies = new();
    private readonly InMemoryIdentityStore _identities;

    public InMemoryIdentityStoreTests()
        : base(null) => _identities = new InMemoryIdentityStore { Policies = _policies };

    protected override IPolicyStore Policies => _policies;

    protected override IIdentityStore Identities => _identities;
}

public sealed class InMemoryOperatorStoreTests() : OperatorStoreContract(null)
{
    protected override IOperatorStore Operators { get; } = new InMemoryOperatorStore();
}

public sealed class InMemoryPolicyStoreTests() : PolicyStoreContract(null)
{
    protected override IPolicyStore Policies { get; } = new InMemoryPolicyStore();
}

public sealed class InMemorySessionKeyStoreTests() : SessionKeyStoreContract(null)
{
    protected override ISessionKeyStore Keys { get; } = new InMemorySessionKeyStore();
}

public sealed class FakeHistoryTests() : RefusalsContract(null)
{
    protected override ISendingHistory History { get; } = new FakeHistory();
}

public sealed class FakeArchiveTests() : MessageSearchContract(null)
{
    private readonly FakeArchive _archive = new();

    protected override IMessageArchive Archive => _archive;

    private protected override Task<NewMessage> AcceptAsync(NewMessage message, bool claimed = true)
    {
        _archive.Add(
            new ArchivedMessage(
                message.Id, message.Owner, message.AcceptedAt, message.Principal, message.Operation, message.Source, message.SourceArn,
                $"{message.BounceAddress}", $"{message.EnvelopeFrom}", message.Subject, message.SourceIp, message.Content.Length, message.Tags,
                message.Decision,
                [.. message.Recipients.Select((r, i) => new ArchivedDelivery(i, $"{r}", DeliveryState.Queued, 0, message.AcceptedAt, null))]),
            System.Text.Encoding.ASCII.GetString(message.Content.Span));
        return Task.FromResult(message);
    }

    protected override Task IndexAsync() => Task.CompletedTask;
}
