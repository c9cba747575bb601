using System.Runtime.Versioning;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class DataDirectoryTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string parent = Directory.CreateTempSubdirectory("signet-test-").FullName;

    private string Data => Path.Combine(parent, "data");

    public void Dispose() => Directory.Delete(parent, recursive: true);

    [Fact]
    public void One_that_is_made_is_for_its_owner_alone()
    {
        Prepare();

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Data));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit)]
    public void One_that_others_can_write_is_refused_with_the_command_that_mends_it(UnixFileMode also)
    {
        Prepare();
        File.SetUnixFileMode(Data, OwnerOnly | also);

        Assert.Equal(
            $"the data directory `{Data}` (`--data`) can be written by other users of this machine: run `chmod go-w {Data}`, or name another one",
            Refusal());
    }

    [Fact]
    public void One_that_others_can_only_read_will_do()
    {
        Prepare();
        File.SetUnixFileMode(Data, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        Prepare();
    }

    [Theory]
    [InlineData("signet.db")]
    [InlineData("signet.db-wal")]
    [InlineData("signet.db-shm")]
    [InlineData("secret.key")]
    public void So_is_a_file_of_the_store_that_others_can_write(string name)
    {
        Prepare();
        var file = Write(name, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        Assert.StartsWith($"`{file}` can be ", Refusal(), StringComparison.Ordinal);
        Assert.Contains(" by other users of this machine: run `chmod go-", Refusal(), StringComparison.Ordinal);
        Assert.EndsWith($" {file}`", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_a_key_that_others_can_read()
    {
        Prepare();
        var file = Write("secret.key", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Equal($"`{file}` can be read or written by other users of this machine: run `chmod go-rwx {file}`", Refusal());
    }

    [Fact]
    public void A_link_is_judged_by_what_it_leads_to()
    {
        Prepare();
        var elsewhere = Path.Combine(parent, "key");
        File.WriteAllText(elsewhere, "");
        File.SetUnixFileMode(elsewhere, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(Path.Combine(Data, "secret.key"), elsewhere);

        Assert.Contains("can be read or written by other users", Refusal(), StringComparison.Ordinal);

        var link = Path.Combine(parent, "link");
        Directory.CreateSymbolicLink(link, Data);
        File.SetUnixFileMode(Data, OwnerOnly | UnixFileMode.OtherWrite);
        Assert.Contains("can be written by other users", Refusal(link), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_others_can_exchange_is_refused()
    {
        Prepare();
        File.SetUnixFileMode(parent, OwnerOnly | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);

        Assert.Equal(
            $"the directory `{parent}` above the data directory (`--data`) can be written by all users of this machine: run `chmod o-w {parent}`, or name another one",
            Refusal());

        // As /tmp is: what is there can be exchanged by its owner only.
        File.SetUnixFileMode(parent, OwnerOnly | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.StickyBit);
        Prepare();
    }

    [Fact]
    public void A_link_in_the_middle_of_the_path_is_judged_by_the_way_that_it_leads()
    {
        var open = Path.Combine(parent, "open");
        Directory.CreateDirectory(Path.Combine(open, "inside"));
        File.SetUnixFileMode(open, OwnerOnly | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        Directory.CreateSymbolicLink(Path.Combine(parent, "second"), Path.Combine(open, "inside"));
        Directory.CreateSymbolicLink(Path.Combine(parent, "first"), Path.Combine(parent, "second"));

        Assert.StartsWith(
            $"the directory `{open}` above the data directory", Refusal(Path.Combine(parent, "first", "data")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_lock_is_for_its_owner_alone_whatever_the_umask()
    {
        Prepare();

        using (DataDirectory.Lock(Data))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Data, "server.lock")));
        }
    }

    [Fact]
    public void A_path_with_blanks_is_quoted_for_the_shell()
    {
        var path = Path.Combine(parent, "it's my data");
        Prepare(path);
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.OtherWrite);

        Assert.Contains($"`chmod go-w '{parent}/it'\\''s my data'`", Refusal(path), StringComparison.Ordinal);
    }

    private void Prepare(string? path = null) => DataDirectory.Prepare(path ?? Data);

    private string Refusal(string? path = null) => Assert.Throws<StartException>(() => Prepare(path)).Message;

    private string Write(string name, UnixFileMode mode)
    {
        var file = Path.Combine(Data, name);
        File.WriteAllText(file, "");
        File.SetUnixFileMode(file, mode);
        return file;
    }
}
