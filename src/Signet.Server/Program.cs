using Signet.Server;
using Signet.Server.Cli;
using Signet.Server.Hosting;

var commandLine = new CommandLine(
    new CommandSurroundings(System.Console.Out, System.Console.Error, SettingsSurroundings.OfProcess(), Composition.OpenAsync, TimeProvider.System)
    {
        IsTerminal = !System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        Input = System.Console.In,
        ReadKey = System.Console.IsInputRedirected ? null : () => System.Console.ReadKey(intercept: true),
    });
return await commandLine.RunAsync(args, CancellationToken.None);
