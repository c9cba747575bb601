using Signet.Dkim;
using Signet.Messages;
using Signet.Tests.Dkim;

namespace Signet.Server.Tests.Clients;

/// <summary>OpenDKIM, the verifier that many receivers run, judges our signatures.</summary>
public sealed class OpenDkimTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>It reports on one signature of a message, the one on top: each of the two has its turn there.</summary>
    [Theory]
    [InlineData("shop.test")]
    [InlineData("signet.test")]
    public async Task OpenDkim_accepts_both_signatures_of_every_message_of_the_corpus(string first)
    {
        await Counterpart.RequireAsync("OpenDKIM", "opendkim", "-V");
        var folder = Directory.CreateTempSubdirectory("signet-test-").FullName;
        var (key, name, record) = DkimCorpus.NewKey("shop.test");
        var (server, serverName, serverRecord) = DkimCorpus.NewKey("signet.test");
        List<SigningKey> keys = first == "shop.test" ? [key, server] : [server, key];
        var now = TimeProvider.System.GetUtcNow();
        List<string> files = [];
        foreach (var (shape, message) in DkimCorpus.Messages())
        {
            var file = Path.Combine(folder, $"{shape}.eml");
            await File.WriteAllBytesAsync(file, [.. DkimSigner.Sign(message, MessageLayout.Of(message), keys, now), .. message], Cancel);
            files.Add(file);
        }

        // OpenDKIM's own test mode: keys from a file in place of the DNS, messages from files in place of a mail server.
        await File.WriteAllTextAsync(Path.Combine(folder, "keys"), $"{name} {record}\n{serverName} {serverRecord}\n", Cancel);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "conf"), $"Mode v\nTestPublicKeys {Path.Combine(folder, "keys")}\nUserID {Environment.UserName}\n", Cancel);
        var (exit, output) = await Counterpart.RunAsync(
            "opendkim", ["-x", Path.Combine(folder, "conf"), "-t", string.Join(',', files), "-v"], new Dictionary<string, string>(), Cancel);

        Assert.True(exit == 0, output);
        Assert.True(files.Count >= 300);
        Assert.Equal(
            files.Count, output.Split('\n').Count(line => line.Contains($"d={first}, 2048-bit key) succeeded", StringComparison.Ordinal)));
        Directory.Delete(folder, recursive: true);
    }
}
