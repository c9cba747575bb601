using System.Globalization;

namespace Signet.Server.Tests.Chaos;

/// <summary>How often a mishap happens: a few times, or as often as <c>SIGNET_CHAOS_ROUNDS</c> says.</summary>
internal static class Rounds
{
    public static int Or(int few) =>
        int.TryParse(Environment.GetEnvironmentVariable("SIGNET_CHAOS_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) && rounds > 0 ? rounds : few;
}
