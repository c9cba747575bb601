using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Signet.Accounts;
using Signet.Bench.Load;
using Signet.Names;
using Signet.Server.Aws;
using Signet.Server.Ses;

namespace Signet.Bench.Micro;

/// <summary>Proving the signature of a SendEmail of 1 KB, its key at hand.</summary>
[MemoryDiagnoser]
public class Signatures
{
    private readonly SigV4 _signatures;
    private readonly RequestHead _head;
    private readonly byte[] _body;

    public Signatures()
    {
        var request = Encoding.ASCII.GetString(Mail.SendEmails(new Uri("http://127.0.0.1:8025"))[0]);
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        _body = Encoding.ASCII.GetBytes(request[(end + 4)..]);
        var headers = new HeaderDictionary();
        foreach (var line in request[..end].Split("\r\n").Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        _head = new RequestHead("POST", "/", "", headers);
        var key = new AccessKey(Mail.Delegate, new Principal(AccountId.Parse(Mail.Delegate), null), "test", DateTimeOffset.UnixEpoch, null);
        var clock = new StoppedClock(TimeProvider.System.GetUtcNow());
        _signatures = new SigV4((_, _) => Task.FromResult<AccessKey?>(key), RegionSet.Aws, clock);
    }

    [Benchmark]
    public async Task<bool> VerifyAsync() =>
        (await _signatures.BeginAsync(_head, _signatures.Read(_head), SesService.Names, "192.0.2.1", CancellationToken.None)).Prove(_body).Principal.UserName is null;

    /// <summary>A benchmark may take longer than a signature is good for.</summary>
    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
