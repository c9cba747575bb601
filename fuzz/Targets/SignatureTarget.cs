using System.Text;
using Microsoft.AspNetCore.Http;
using Signet.Accounts;
using Signet.Names;
using Signet.Server.Aws;
using Signet.Server.Ses;

namespace Signet.Fuzz.Targets;

/// <summary>
/// A request as text: the target on the first line, header fields up to an empty line, the body. Its signature is checked at a fixed
/// time against a known key, whoever it says has signed, so that signed seeds pass and their mutations come far.
/// </summary>
internal static class SignatureTarget
{
    private static readonly AccessKey Key = new(
        "AKIAEXAMPLEOWNER0001", new Principal(AccountId.Parse("111122223333"), null), "owner/secret+key", DateTimeOffset.UnixEpoch, null);

    private static readonly SigV4 Signatures = new((_, _) => Task.FromResult<AccessKey?>(Key), RegionSet.Aws, new StoppedClock());

    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        var text = Encoding.Latin1.GetString(input).Split("\n\n", 2);
        var lines = text[0].Split('\n');
        var target = lines[0].Split('?', 2);
        var headers = new HeaderDictionary();
        foreach (var field in lines.Skip(1).Select(l => l.Split(':', 2)).Where(f => f[0].Length > 0))
        {
            headers.Append(field[0], field.Length > 1 ? field[1].Trim() : "");
        }

        try
        {
            var head = new RequestHead(text.Length > 1 ? "POST" : "GET", target[0], target.Length > 1 ? target[1] : "", headers);
            var pending = Signatures.BeginAsync(head, Signatures.Read(head), SesService.Names, "192.0.2.1", CancellationToken.None).GetAwaiter().GetResult();
            pending.Prove(text.Length > 1 ? Encoding.Latin1.GetBytes(text[1]) : []);
        }
        catch (AwsException)
        {
            // A documented refusal.
        }
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    }
}
