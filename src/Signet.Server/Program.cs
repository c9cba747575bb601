using Signet.Server;
using Signet.Server.Cli;
using Signet.Server.Hosting;

var commandLine = new CommandLine(
    new CommandSurroundings(Console.Out, Console.Error, SettingsSurroundings.OfProcess(), Composition.OpenAsync, TimeProvider.System)
    {
        IsTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        Input = Console.In,
        ReadKey = Console.IsInputRedirected ? null : () => Console.ReadKey(intercept: true),
    });
return await commandLine.RunAsync(args, CancellationToken.None);
