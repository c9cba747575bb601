using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>
/// A file system of a few megabytes that only the started program sees: it is mounted in a namespace of the program's own, goes with
/// it, and needs no rights but those that a kernel gives every user (or root). Where that is not allowed the test is skipped.
/// </summary>
internal sealed class SmallDisk(string folder, string size)
{
    private const string Namespaces = "unshare";

    /// <summary>The command to start the program through, see <see cref="RunningSignet"/>.</summary>
    public IReadOnlyList<string> Command =>
        [Namespaces, "-rm", "--", "sh", "-c", $"mount -t tmpfs -o size={size},mode=0700 tmpfs '{folder}' && exec \"$0\" \"$@\""];

    public static Task RequireAsync() => Counterpart.RequireAsync(
        "a mount of one's own", Namespaces, "-rm", "--", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/tmp");

    /// <summary>Takes all the room that is left with a file, from outside.</summary>
    public async Task FillAsync(RunningSignet signet)
    {
        await using var filler = new FileStream(Filler(signet), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var zeros = new byte[4096];
        try
        {
            while (true)
            {
                await filler.WriteAsync(zeros, TestContext.Current.CancellationToken);
            }
        }
        catch (IOException)
        {
            // Full: that was the aim.
        }
    }

    public void MakeRoom(RunningSignet signet) => File.Delete(Filler(signet));

    private string Filler(RunningSignet signet) => $"/proc/{signet.ProcessId}/root{folder}/filler";
}
