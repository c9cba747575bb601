using System.Net;
using System.Net.Sockets;
using Signet.Delivery.Destinations;

namespace Signet.Server.Hosting;

/// <summary>Whether this machine has the addresses that mail is to be sent from: a missing one would defer all mail that is to use it.</summary>
internal static class SourceAddressCheck
{
    /// <exception cref="StartException">It does not have one of them.</exception>
    public static Receivers Of(Receivers receivers)
    {
        foreach (var address in receivers.SourceAddresses)
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(address, 0));
            }
            catch (SocketException exception)
            {
                throw new StartException(
                    $"mail cannot be sent from {address} (`source-addresses` in the file of `{SettingsTable.Receivers.Flag}`): this machine does not have that address, or may not use it ({exception.Message})",
                    exception);
            }
        }

        return receivers;
    }
}
