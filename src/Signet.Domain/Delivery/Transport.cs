using Signet.Queue;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// Takes a shipment to its next hop: over the connection it is given, then to one host after the other, until every recipient has
/// an answer that counts (RFC 5321 §5.1), and has every result settled.
/// </summary>
internal sealed class Transport(
    HopHosts hosts, HopConnector connector, Results results, Action<Settlement> settle, HopLimits limits, TimeProvider time)
{
    /// <summary>Delivers, whatever comes of it.</summary>
    /// <param name="hop">Where to.</param>
    /// <param name="shipment">What.</param>
    /// <param name="kept">A connection that served before; this method's from now on.</param>
    /// <param name="cancel">Breaks off: nothing more is settled.</param>
    /// <returns>
    /// A connection for the next shipment, if there is one; and, when no host let us in, what that meant for the shipment.
    /// </returns>
    public async Task<(HopConnection? Connection, Verdict? Unreachable)> DeliverAsync(
        NextHop hop, Shipment shipment, HopConnection? kept, CancellationToken cancel)
    {
        // First, so that a message that cannot be prepared costs no connection.
        await shipment.Parent.ContentAsync(cancel);
        var pending = new PendingRecipients(shipment, results, settle, time);
        var patience = new Patience(limits.AttemptTime, time);
        var (connection, wasLetIn) = (kept, false);
        try
        {
            if (kept is not null)
            {
                await VisitAsync(kept.Address);
                if (pending.IsEmpty)
                {
                    return (connection, null);
                }
            }

            var (addresses, nowhere) = await hosts.FindAsync(hop, shipment.Deliveries.Max(d => d.Attempts), cancel);
            if (nowhere is not null)
            {
                wasLetIn = true;
                pending.Take(nowhere, new Peer(hop.Name, null, null));
            }

            // What the host of the kept connection answered a moment ago it would answer again.
            foreach (var address in HopAddress.Spread(addresses, limits.Addresses).Where(a => a != kept?.Address))
            {
                if (patience.IsOver)
                {
                    break;
                }

                if (connection is not null)
                {
                    await connection.CloseAsync(cancel);
                    connection = null;
                }

                await VisitAsync(address);
                if (pending.IsEmpty)
                {
                    return (connection, null);
                }
            }
        }
        catch when (connection is not null)
        {
            await connection.CloseAsync(cancel);
            throw;
        }

        var last = pending.SettleAll(
            (Verdict.Of(SmtpStage.Connect, SmtpFailure.Unreachable, $"{hop.Name} has no address"), new Peer(hop.Name, null, null)));
        return (connection, wasLetIn ? null : last);

        async Task VisitAsync(HopAddress address)
        {
            var visit = new HostVisit(hop, address, shipment, pending, connector, patience);
            connection = await visit.RunAsync(connection, cancel);
            wasLetIn |= visit.WasLetIn;
        }
    }

    /// <summary>Settles all of a shipment that is not attempted because another has just found the hop unreachable.</summary>
    public void Share(NextHop hop, Shipment shipment, Verdict verdict, DateTimeOffset notBefore)
    {
        var shared = verdict.Outcome is Outcome.Deferred ? verdict with { Outcome = new Outcome.Deferred(notBefore) } : verdict;
        foreach (var delivery in shipment.Deliveries)
        {
            settle(results.Of(shipment.Message, delivery, shared, new Peer(hop.Name, null, null), TimeSpan.Zero));
        }
    }
}
