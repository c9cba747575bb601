namespace Signet.Bench;

/// <summary>Where the sources are, found from where the program lies.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Signet.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the benchmarks run from within the repository only");
    }
}

/// <summary>A directory of this run, on the disk that temporary files are on; removed in the end.</summary>
internal sealed class WorkDirectory : IDisposable
{
    private int _made;

    public string Root { get; } = Directory.CreateTempSubdirectory("signet-bench-").FullName;

    /// <summary>A new empty directory in it.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Root, $"{name}-{++_made}")).FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
