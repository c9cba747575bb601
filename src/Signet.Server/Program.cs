using System.Globalization;
using Signet.Server;
using Signet.Server.Cli;
using Signet.Server.Hosting;

// What Signet writes is for programs, or in English, whatever language the machine was set up in.
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

var commandLine = new CommandLine(
    new CommandSurroundings(Console.Out, Console.Error, SettingsSurroundings.OfProcess(), Composition.OpenAsync, TimeProvider.System)
    {
        IsTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        Input = Console.In,
        ReadKey = Console.IsInputRedirected ? null : () => Console.ReadKey(intercept: true),
    });
return await commandLine.RunAsync(args, CancellationToken.None);
