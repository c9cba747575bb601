using System.Data.Common;
using Signet.Web;

namespace Signet.Server.Hosting;

/// <summary>What a successful start prints: a word, then what it is about; <c>ready</c> comes last. Scripts read these lines.</summary>
internal static class StartLines
{
    private static readonly string[] Secrets = ["Password", "Pwd", "SSL Password", "SslPassword"];

    public static IEnumerable<string> For(Settings settings, IEnumerable<(ListenerRole Role, Uri Url)> listeners)
    {
        var urls = listeners.Select(l => (l.Role, Url: l.Url.GetLeftPart(UriPartial.Authority))).ToList();
        foreach (var (role, url) in urls)
        {
            yield return $"{(role == ListenerRole.Main ? "http" : "inspection")} {url}";
        }

        if (urls.Find(l => l.Role == ListenerRole.Main).Url is { } main)
        {
            yield return $"console {main}{ConsoleHost.Path}/";
        }

        foreach (var address in settings.Smtp)
        {
            yield return $"smtp {address} (nothing listens there: SMTP is not supported yet)";
        }

        yield return $"data {settings.Store.Data}";
        yield return $"database {(settings.Store.Database is { } database ? Masked(database) : "SQLite in the data directory")}";
        foreach (var route in settings.Routes)
        {
            yield return $"route {route}";
        }

        if (settings.IsDev && urls is [var first, ..])
        {
            // Not AWS_ENDPOINT_URL, which would send the calls of every other service here as well.
            yield return $"export AWS_ENDPOINT_URL_SES={first.Url}";
            yield return "export AWS_ACCESS_KEY_ID=test";
            yield return "export AWS_SECRET_ACCESS_KEY=test";
            yield return $"export AWS_DEFAULT_REGION={settings.Regions.Default}";
        }

        yield return settings.IsDev ? $"ready: dev{(settings.Strict ? " --strict" : "")}, Ctrl-C stops" : "ready: serve";
    }

    /// <summary>A connection string with its passwords hidden; one that cannot be read is hidden as a whole.</summary>
    internal static string Masked(string connection)
    {
        try
        {
            var builder = new DbConnectionStringBuilder { ConnectionString = connection };
            foreach (var key in Secrets.Where(builder.ContainsKey))
            {
                builder[key] = "***";
            }

            return builder.ConnectionString;
        }
        catch (ArgumentException)
        {
            return "***";
        }
    }
}
