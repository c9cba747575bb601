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

        var made = MasterKey.Load(folder, forNewStore: true);

        Assert.Equal(MasterKey.Length, made.Length);
        Assert.Equal(made, MasterKey.Load(folder, forNewStore: true));
        Assert.NotEqual(made, MasterKey.Load(_folder, forNewStore: true));
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

        MasterKey.Load(_folder, forNewStore: true);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public void Many_who_make_it_at_once_get_the_same_key()
    {
        var keys = new string[8];

        Parallel.For(0, keys.Length, i => keys[i] = Convert.ToHexString(MasterKey.Load(_folder, forNewStore: true)));

        Assert.Single(keys.Distinct());
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void None_is_made_beside_a_store_that_has_secrets_already()
    {
        var refusal = Assert.Throws<StoreOpenException>(() => MasterKey.Load(_folder, forNewStore: false));

        Assert.Equal(
            $"the master key `{KeyFile}` of this store is missing: put it back from a backup, or give it with `--secret-key`, "
            + "for the store's secrets need it",
            refusal.Message);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw==")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISI=")]
    public void A_damaged_file_is_refused_and_kept(string text)
    {
        File.WriteAllText(KeyFile, text);

        var refusal = Assert.Throws<StoreOpenException>(() => MasterKey.Load(_folder, forNewStore: true));

        Assert.StartsWith($"the master key `{KeyFile}` is damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(KeyFile));
    }

    [Fact]
    public void A_directory_that_is_a_file_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "data"), "");

        var refusal = Assert.Throws<StoreOpenException>(() => MasterKey.Load(Path.Combine(_folder, "data"), forNewStore: true));

        Assert.Contains("cannot be read or made", refusal.Message, StringComparison.Ordinal);
    }
}
