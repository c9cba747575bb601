using System.Net;
using System.Net.Sockets;
using Signet.Addresses;
using Signet.Dns;

namespace Signet.Fuzz.Targets;

/// <summary>
/// Answers of a resolver, from the flags on (the id before them is made to fit): whatever comes, each question gets one of the
/// answers there are. The whole way is taken, over a socket on loopback, since the library's parser cannot be called by itself.
/// </summary>
internal static class DnsAnswers
{
    private static readonly DomainName Name = DomainName.Parse("dest.test");
    private static readonly UdpClient Resolver = new(new IPEndPoint(IPAddress.Loopback, 0));

    private static readonly DnsClientLookup Lookup = DnsClientLookup.Of(
        (IPEndPoint)Resolver.Client.LocalEndPoint!, DnsCaching.None, TimeSpan.FromSeconds(2));

    private static readonly Task Answering = Task.Run(AnswerAsync);

    private static byte[] _answer = [];

    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        if (Answering.IsFaulted)
        {
            throw new InvalidOperationException("nobody answers", Answering.Exception);
        }

        // More than a datagram carries is no answer.
        Volatile.Write(ref _answer, input[..Math.Min(input.Length, 60_000)].ToArray());
        Task.Run(AskAsync).GetAwaiter().GetResult();
    }

    private static async Task AskAsync()
    {
        _ = await Lookup.FindMxAsync(Name, CancellationToken.None);
        _ = await Lookup.FindTxtAsync(Name, CancellationToken.None);
        _ = await Lookup.FindCnameAsync(Name, CancellationToken.None);
        _ = await Lookup.FindAddressesAsync(Name, CancellationToken.None);
    }

    private static async Task AnswerAsync()
    {
        while (true)
        {
            var question = await Resolver.ReceiveAsync();
            byte[] answer = [.. question.Buffer.AsSpan(0, 2), .. Volatile.Read(ref _answer)];
            await Resolver.SendAsync(answer, question.RemoteEndPoint);
        }
    }
}
