using System.Globalization;

namespace Signet.Web.Shell;

/// <summary>Numbers of bytes for people: decimal units, as mail programs count.</summary>
internal static class Sizes
{
    private const double Unit = 1000;

    public static string Show(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / Unit:0.#} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / Unit / Unit:0.#} MB"),
    };
}
