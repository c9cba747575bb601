using System.Globalization;
using System.Runtime.CompilerServices;

namespace Signet;

/// <summary>
/// The culture that tests run in: that of <c>TEST_CULTURE</c>, else that of the machine. CI takes one with another decimal separator and
/// another i, and <c>TZ</c> for another time zone: nothing that Signet stores, sends or shows may depend on either.
/// </summary>
internal static class TestCulture
{
    [ModuleInitializer]
    internal static void Use()
    {
        if (Environment.GetEnvironmentVariable("TEST_CULTURE") is { Length: > 0 } name)
        {
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
        }
    }
}
