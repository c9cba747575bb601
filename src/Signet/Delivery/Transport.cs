using Signet.Queue;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// Takes a shipment to its next hop: over the connection it is given, or over a new one to the first host that takes it, and has
/// every recipient's result settled.
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
        var begin = time.GetTimestamp();
        var envelope = new SmtpEnvelope(
            shipment.Message.EnvelopeFrom, [.. shipment.Deliveries.Select(d => d.Recipient)], await shipment.Parent.ContentAsync(cancel));
        if (kept is not null)
        {
            var (connection, verdict) = await SendAsync(kept, shipment, envelope, begin, cancel);
            if (verdict is null)
            {
                return (connection, null);
            }

            // What a server says to a connection that it kept for a while is no news of the server: a new one will tell.
            await kept.CloseAsync(cancel);
        }

        var (addresses, refused) = await hosts.FindAsync(hop, shipment.Deliveries.Max(d => d.Attempts), cancel);
        var (peer, letIn) = (new Peer(hop.Name, null, null), refused is not null);
        foreach (var address in addresses.Take(limits.Addresses))
        {
            Verdict said;
            try
            {
                var opened = await connector.OpenAsync(hop, address, cancel);
                letIn = true;
                var isDone = false;
                try
                {
                    (var connection, var otherHost) = await SendAsync(opened, shipment, envelope, begin, cancel);
                    isDone = otherHost is null;
                    if (isDone)
                    {
                        return (connection, null);
                    }

                    (said, peer) = (otherHost!, opened.Peer);
                }
                finally
                {
                    if (!isDone)
                    {
                        await opened.CloseAsync(cancel);
                    }
                }
            }
            catch (SmtpException e)
            {
                said = Verdict.Of(e);
                peer = new Peer(address.Host, address.EndPoint.Address.ToString(), null);
            }

            refused = refused is null ? said : Verdict.OfHosts(refused, said);
        }

        var last = refused ?? Verdict.Of(SmtpStage.Connect, SmtpFailure.Unreachable, $"{hop.Name} has no address");
        Settle(shipment, last, peer, time.GetElapsedTime(begin));
        return (null, letIn ? null : last);
    }

    /// <summary>Settles all of a shipment that is not attempted because another has just found the hop unreachable.</summary>
    public void Share(NextHop hop, Shipment shipment, Verdict verdict, DateTimeOffset notBefore) => Settle(
        shipment,
        verdict.Outcome is Outcome.Deferred ? verdict with { Outcome = new Outcome.Deferred(notBefore) } : verdict,
        new Peer(hop.Name, null, null),
        TimeSpan.Zero);

    /// <summary>One transaction. A verdict is returned when nothing was settled and another host may be tried.</summary>
    private async Task<(HopConnection? Connection, Verdict? OtherHost)> SendAsync(
        HopConnection connection, Shipment shipment, SmtpEnvelope envelope, long begin, CancellationToken cancel)
    {
        var isFirst = connection.Messages++ == 0;
        if (Verdict.OfCapabilities(connection.Smtp.Capabilities, envelope) is { } unfit)
        {
            return (connection, unfit);
        }

        var transaction = await connection.Smtp.SendAsync(envelope, cancel);
        Verdict[] verdicts = [.. transaction.Answers.Select(a => a is { } answer
            ? Verdict.Of(answer.Stage, answer.Reply)
            : Verdict.Of(transaction.Failure!))];
        var isStale = !isFirst && transaction.Failure is { Stage: SmtpStage.Mail, Failure: SmtpFailure.Closed };
        if (isStale || Array.Find(verdicts, v => v.Scope == VerdictScope.Host) is not null)
        {
            return (connection, verdicts[0]);
        }

        for (var i = 0; i < verdicts.Length; i++)
        {
            settle(results.Of(shipment.Message, shipment.Deliveries[i], verdicts[i], connection.Peer, time.GetElapsedTime(begin)));
        }

        if (connection.Smtp.IsUsable)
        {
            return (connection, null);
        }

        await connection.CloseAsync(cancel);
        return (null, null);
    }

    private void Settle(Shipment shipment, Verdict verdict, Peer peer, TimeSpan duration)
    {
        foreach (var delivery in shipment.Deliveries)
        {
            settle(results.Of(shipment.Message, delivery, verdict, peer, duration));
        }
    }
}
