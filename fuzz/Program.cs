using SharpFuzz;
using Signet.Fuzz;

if (args is not [var name] || !FuzzTargets.All.TryGetValue(name, out var target))
{
    Console.Error.WriteLine($"usage: Signet.Fuzz TARGET; targets are {string.Join(", ", FuzzTargets.All.Keys)}");
    return 2;
}

Fuzzer.LibFuzzer.Run(input => target(input));
return 0;
