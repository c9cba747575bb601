using Signet.Delivery.Destinations;
using Signet.Delivery.Tls;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// One host, asked for every recipient that is pending: in several transactions if it takes only so many recipients in one, over a
/// new connection if it ends the one at hand between two of them.
/// </summary>
internal sealed class HostVisit(
    DestinationQueue queue, HostAddress address, DeliveryBatch batch, PendingRecipients pending, ConnectionOpener connector, Patience patience)
{
    private readonly List<PendingRecipient> _unasked = pending.All;
    private readonly TlsPolicy _policy = TlsPolicies.At(batch, address);

    /// <summary>Whether the host let us talk about mail.</summary>
    public bool WasLetIn { get; private set; }

    /// <summary>Whether the host asked for less mail.</summary>
    public Throttling Throttling { get; private set; }

    /// <summary>Asks, until every pending recipient has an answer of this host.</summary>
    /// <param name="kept">A connection to it that served before; null to make one.</param>
    /// <param name="cancel">Breaks off.</param>
    /// <returns>The connection, if it can be used again.</returns>
    public async Task<OpenConnection?> RunAsync(OpenConnection? kept, CancellationToken cancel)
    {
        var connection = kept;
        var limit = kept?.RecipientLimit;
        try
        {
            while (_unasked.Count > 0)
            {
                if (connection is null)
                {
                    connection = await connector.OpenAsync(queue, address, _policy, batch.Message.AcceptedAt, patience, cancel);
                    connection.RecipientLimit = limit;
                    queue.State.Tried(address.EndPoint, answered: true);
                    WasLetIn = true;
                }

                if (!await TransactAsync(connection, cancel))
                {
                    limit = connection.RecipientLimit;
                    await connection.CloseAsync(cancel);
                    connection = null;
                }
            }

            return connection;
        }
        catch (SmtpException e)
        {
            queue.State.Tried(address.EndPoint, answered: e.Reply is not null);
            if (e.Reply is { } reply)
            {
                Heed(ThrottlingReply.Of(e.Stage, reply));
            }

            // It let us in, and the network broke off the handshake: others may go over, and an old message in clear text.
            WasLetIn |= _policy.Level == TlsLevel.Opportunistic && e is { Stage: SmtpStage.Tls, Failure: SmtpFailure.TimedOut or SmtpFailure.Closed };
            Conclude(_unasked, Verdict.Of(e), PeerOf(null) with { Certificate = e.Certificate });
            await (connection?.CloseAsync(cancel) ?? Task.CompletedTask);
            return null;
        }
        catch when (connection is not null)
        {
            await connection.CloseAsync(cancel);
            throw;
        }
    }

    /// <summary>One transaction; false when the connection cannot be used again.</summary>
    private async Task<bool> TransactAsync(OpenConnection connection, CancellationToken cancel)
    {
        PendingRecipient[] asked = [.. _unasked.Take(connection.RecipientLimit ?? int.MaxValue)];
        var (transaction, unfit) = await TransactionAsync(asked, connection.Smtp.Capabilities, cancel);
        if (unfit is not null)
        {
            WasLetIn = true;
            Conclude(_unasked, unfit, PeerOf(connection));
            return true;
        }

        var isFirst = connection.Messages++ == 0;
        connection.Smtp.Patience = patience;
        var result = await connection.Smtp.SendAsync(transaction, cancel);
        var wantsTls = connection.Smtp.IsDowngraded && result.Answers.Any(a => a?.Reply.Code is 530 or 538);
        if (wantsTls)
        {
            connector.TlsWanted(address.EndPoint);
        }

        var excess = RecipientLimit.FindExcess(result.Answers);
        connection.RecipientLimit = RecipientLimit.Of(result.Answers, excess, connection.RecipientLimit);

        // News of the connection, if it was kept for a while or hung up on so many recipients: a new one will tell more. This ends,
        // because the first transaction over a connection is repeated with fewer recipients only.
        var isLost = IsLost(result) && (!isFirst || connection.RecipientLimit < asked.Length);
        WasLetIn |= !isLost;
        LearnFrom(result, isLost, connection);
        Verdict[] verdicts = [.. result.Answers.Select(a => a is { } answer ? Verdict.Of(answer.Stage, answer.Reply) : Verdict.Of(result.Failure!))];
        for (var i = 0; i < asked.Length; i++)
        {
            if (!excess[i] && !(isLost && verdicts[i].AllowsNextHost))
            {
                Conclude([asked[i]], verdicts[i], PeerOf(connection));
            }
        }

        // A host that does not take the message now is not asked to for the others.
        if (!isLost && Array.Find(verdicts, v => v is { Outcome: Outcome.Deferred, Scope: not VerdictScope.Recipient }) is { } refused)
        {
            Conclude(_unasked, refused with { Scope = VerdictScope.Host }, PeerOf(connection));
        }

        return connection.Smtp.IsUsable && !isLost && !wantsTls;
    }

    /// <summary>What is sent to a server that can do so much, or why it cannot get the message.</summary>
    private async Task<(MailTransaction Transaction, Verdict? Unfit)> TransactionAsync(
        PendingRecipient[] recipients, SmtpCapabilities capabilities, CancellationToken cancel)
    {
        var transaction = new MailTransaction(
            batch.Message.EnvelopeFrom, [.. recipients.Select(r => r.Delivery.Recipient)], await batch.Parent.ContentAsync(cancel));
        if (transaction.Data.IsEightBit && !capabilities.EightBitMime)
        {
            var (data, problem) = await batch.Parent.SevenBitContentAsync(cancel);
            if (Verdict.OfConversion(problem) is { } unfit)
            {
                return (transaction, unfit);
            }

            transaction = transaction with { Data = data! };
        }

        return (transaction, Verdict.OfSize(capabilities, transaction.Data.Length));
    }

    private Peer PeerOf(OpenConnection? connection) =>
        new(address.Host, address.EndPoint.Address.ToString(), connection?.Smtp.Tls) { Policy = _policy };

    private void Conclude(IReadOnlyList<PendingRecipient> recipients, Verdict verdict, Peer peer)
    {
        foreach (var recipient in recipients.ToArray())
        {
            pending.Take(recipient, verdict, peer);
            _unasked.Remove(recipient);
        }
    }

    private void LearnFrom(TransactionResult result, bool isLost, OpenConnection connection)
    {
        foreach (var answer in result.Answers)
        {
            // That a connection ends after some messages is no word about others.
            if (answer is { Reply: { IsPositive: false } reply, Stage: var stage } && ThrottlingReply.Of(stage, reply) is var asked
                && (!isLost || asked > Throttling.TurnedAway))
            {
                Heed(asked);
            }
        }

        if (isLost && connection.Messages > 1 && !result.Answers.Any(IsTimeOut))
        {
            queue.State.Ended(connection, said: result.Failure is null);
        }

        connection.UsedAt = queue.Now;
    }

    // RFC 3463 §3.5: what the server says of a connection that was idle for too long.
    private static bool IsTimeOut(SmtpAnswer? answer) => answer is { Reply.Enhanced: { Class: 4, Subject: 4, Detail: 2 } };

    private void Heed(Throttling asked) => Throttling = asked > Throttling ? asked : Throttling;

    /// <summary>
    /// Whether the connection broke off before the message was sent, or the server ended it: by 421, which it may at any time (RFC 5321
    /// §3.8), or by another 4yz that says that the connection is bad (RFC 3463 §3.5), such as an unasked one for being idle.
    /// </summary>
    private static bool IsLost(TransactionResult result) =>
        result.Failure is { Stage: < SmtpStage.FinalDot }
        || result.Answers.Any(a => a is { Reply.Code: 421 } or { Stage: SmtpStage.Mail, Reply.Enhanced: { Class: 4, Subject: 4, Detail: 2 } });
}
