using Signet.Storage;

namespace Signet.Tests.Storage;

public sealed class MasterKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("signet-").FullName;

    private string KeyFile => Path.Combine(_folder, "secret.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_key_is_made_once_and_then_read()
    {
        var folder = Path.Combine(_folder, "new");

        var made = MasterKey.LoadOrCreate(folder);

        Assert.Equal(MasterKey.Length, made.Length);
        Assert.Equal(made, MasterKey.LoadOrCreate(folder));
        Assert.NotEqual(made, MasterKey.LoadOrCreate(_folder));
        Assert.Equal(["secret.key"], Directory.GetFiles(folder).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void The_file_is_for_its_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        MasterKey.LoadOrCreate(_folder);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public void Many_who_make_it_at_once_get_the_same_key()
    {
        var keys = new string[8];

        Parallel.For(0, keys.Length, i => keys[i] = Convert.ToHexString(MasterKey.LoadOrCreate(_folder)));

        Assert.Single(keys.Distinct());
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw==")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISI=")]
    public void A_damaged_file_is_refused_and_kept(string text)
    {
        File.WriteAllText(KeyFile, text);

        var refusal = Assert.Throws<StoreOpenException>(() => MasterKey.LoadOrCreate(_folder));

        Assert.StartsWith($"the master key `{KeyFile}` is damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(KeyFile));
    }

    [Fact]
    public void A_directory_that_is_a_file_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "data"), "");

        var refusal = Assert.Throws<StoreOpenException>(() => MasterKey.LoadOrCreate(Path.Combine(_folder, "data")));

        Assert.Contains("cannot be read or made", refusal.Message, StringComparison.Ordinal);
    }
}
