namespace Signet.Server.Tests.Fakes;

/// <summary>The files of the checkout that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The text of a page of <c>docs</c>.</summary>
    public static string Document(string name) => File.ReadAllText(Path.Combine(Root, "docs", name));

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Signet.slnx")))
        {
            directory = directory.Parent!;
        }

        return directory.FullName;
    }
}
