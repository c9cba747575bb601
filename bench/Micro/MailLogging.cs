using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Server.Hosting;

namespace Signet.Bench.Micro;

/// <summary>What the line of one delivery costs whoever delivers it, when it is switched off and in either form.</summary>
[MemoryDiagnoser]
public class MailLogging
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);

    private readonly DeliveryResult _result = new(
        MessageId.New(Region.Default, At, new Random(1)), 0, DeliveryState.Delivered, At, null, "250 2.0.0 Ok: queued as 1F2E3D4C5B", null)
    {
        Attempts = 0,
        Attempt = new Attempt(
            1, At, TimeSpan.FromMilliseconds(380), "mx.example.net", "192.0.2.25", "TLSv1.3", "250 2.0.0 Ok: queued as 1F2E3D4C5B", DeliveryState.Delivered),
        SinceAccepted = TimeSpan.FromMilliseconds(1412),
        Line = new MailLine("bob@example.net", new AccountRegion(AccountId.Parse("111122223333"), Region.Default), 1, 250, "2.0.0"),
    };

    private ILoggerFactory _loggers = default!;
    private ILogger _logger = default!;

    [Params("none", "text", "json")]
    public string Log { get; set; } = "";

    [GlobalSetup]
    public void Begin()
    {
        _loggers = Logging.Create(
            new LogThreshold(Log == "none" ? LogLevel.None : LogLevel.Information), Log == "json" ? LogFormat.Json : LogFormat.Text, TimeProvider.System, () => Stream.Null);
        _logger = _loggers.CreateLogger("Signet.Delivery.OutcomeWriter");
    }

    [GlobalCleanup]
    public void End() => _loggers.Dispose();

    [Benchmark]
    public void Write() => MailLog.Write(_logger, _result);
}
