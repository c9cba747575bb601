using Signet.Delivery.Destinations;
using Signet.Queue;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>What an attempt tells of its destination.</summary>
internal enum AttemptEnd
{
    /// <summary>The destination let us in, or there was no need to ask it.</summary>
    Done,

    /// <summary>No host let us in.</summary>
    NotLetIn,

    /// <summary>No host let us in, and one said that there are too many connections.</summary>
    Refused,

    /// <summary>The destination serves other connections and refused this one: the batch waits for those.</summary>
    PutBack,
}

/// <summary>
/// Takes a batch to its destination: over the connection it is given, then to one host after the other, until every recipient has
/// an answer that counts (RFC 5321 §5.1), and has every result written.
/// </summary>
internal sealed class DeliveryAttempts(
    HostFinder hosts, ConnectionOpener connector, ResultFactory results, Action<DeliveryResult> write, DestinationLimits limits, TimeProvider time)
{
    /// <summary>Delivers, whatever comes of it.</summary>
    /// <param name="queue">Of the destination; learns what the attempt shows of it.</param>
    /// <param name="batch">What.</param>
    /// <param name="kept">A connection that served before; this method's from now on.</param>
    /// <param name="cancel">Breaks off: no further result is stored.</param>
    /// <returns>
    /// A connection for the next batch, if there is one; and, when no host let us in, what that meant for the batch.
    /// </returns>
    public async Task<(OpenConnection? Connection, AttemptEnd End, Verdict? Verdict)> DeliverAsync(
        DestinationQueue queue, DeliveryBatch batch, OpenConnection? kept, CancellationToken cancel)
    {
        // First, so that a message that cannot be prepared costs no connection.
        await batch.Parent.ContentAsync(cancel);
        var pending = new PendingRecipients(batch, results, write, time);
        var patience = new Patience(limits.AttemptTime, time);
        if (kept is not null && !connector.MayUse(kept, batch.Message.AcceptedAt))
        {
            await kept.CloseAsync(cancel);
            kept = null;
        }

        var (connection, wasLetIn, throttling) = (kept, false, Throttling.None);
        try
        {
            if (kept is not null)
            {
                await VisitAsync(kept.Address);
            }

            if (!pending.IsEmpty)
            {
                var (addresses, nowhere) = await AddressesAsync();
                if (nowhere is not null)
                {
                    wasLetIn = true;
                    pending.Take(nowhere, new Peer(batch.Hop.Name, null, null));
                }

                foreach (var address in queue.State.Order(addresses))
                {
                    if (pending.IsEmpty || patience.IsOver)
                    {
                        break;
                    }

                    // What the host of the kept connection answered a moment ago it would answer again.
                    if (address == kept?.Address)
                    {
                        continue;
                    }

                    if (connection is not null)
                    {
                        await connection.CloseAsync(cancel);
                        connection = null;
                    }

                    await VisitAsync(address);
                }
            }
        }
        catch when (connection is not null)
        {
            await connection.CloseAsync(cancel);
            throw;
        }

        return Conclude();

        Task<(IReadOnlyList<HostAddress>, Verdict?)> AddressesAsync() => queue.Destination.Smarthost is { } smarthost
            ? hosts.OfSmarthostAsync(smarthost, cancel)
            : Task.FromResult<(IReadOnlyList<HostAddress>, Verdict?)>((batch.Hosts, null));

        async Task VisitAsync(HostAddress address)
        {
            var visit = new HostVisit(queue, address, batch, pending, connector, patience);
            connection = await visit.RunAsync(connection, cancel);
            wasLetIn |= visit.WasLetIn;
            throttling = visit.Throttling > throttling ? visit.Throttling : throttling;
        }

        (OpenConnection?, AttemptEnd, Verdict?) Conclude()
        {
            if (pending.IsEmpty)
            {
                // Another host may have taken what one turned away.
                Learn(throttling >= Throttling.Connections);
                return (connection, AttemptEnd.Done, null);
            }

            var isRefused = !wasLetIn || throttling == Throttling.Connections;
            if (isRefused && pending.MayWait && queue.TryPutBack(batch, pending.Deliveries, own: connection is not null, saidWhy: throttling == Throttling.Connections))
            {
                return (connection, AttemptEnd.PutBack, null);
            }

            var last = pending.RecordAll(
                (Verdict.Of(SmtpStage.Connect, SmtpFailure.Unreachable, $"{batch.Hop.Name} has no address"), new Peer(batch.Hop.Name, null, null)));
            if (!wasLetIn)
            {
                return (connection, throttling == Throttling.Connections ? AttemptEnd.Refused : AttemptEnd.NotLetIn, last);
            }

            Learn(throttling >= Throttling.TurnedAway);
            return (connection, AttemptEnd.Done, null);
        }

        void Learn(bool isThrottled)
        {
            if (isThrottled)
            {
                queue.State.Throttled();
            }
            else
            {
                queue.Succeeded();
            }
        }
    }

    /// <summary>Records all of a batch whose domain has no hosts, or whose hosts could not be looked up.</summary>
    public void RecordNoHosts(DeliveryBatch batch, MailHosts.None none) =>
        RecordAll(batch, HostFinder.Nowhere(none, batch.Deliveries.Max(d => d.Attempts)));

    /// <summary>Records all of a batch without an attempt.</summary>
    public void RecordAll(DeliveryBatch batch, Verdict verdict)
    {
        foreach (var delivery in batch.Deliveries)
        {
            write(results.Of(batch.Message, delivery, verdict, new Peer(batch.Hop.Name, null, null), TimeSpan.Zero));
        }
    }
}
