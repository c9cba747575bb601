using System.Globalization;

namespace Signet;

/// <summary>
/// Chance for a test that wants another one each time. The seed stands in the output of the test, which is shown when it fails;
/// <c>TEST_SEED</c> repeats it. (Properties need none of this: CsCheck names its seed itself, and <c>CsCheck_Seed</c> repeats it.)
/// </summary>
internal static class TestRandom
{
    public static Random New()
    {
        var given = Environment.GetEnvironmentVariable("TEST_SEED");
        var seed = string.IsNullOrEmpty(given) ? Environment.TickCount : int.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"TEST_SEED={seed} repeats this"));
        return new Random(seed);
    }
}
