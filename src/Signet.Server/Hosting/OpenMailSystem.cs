using Signet.Archive;
using Signet.Telemetry;

namespace Signet.Server.Hosting;

/// <summary>Opens the store and puts the domain together over it: <see cref="Composition"/>, or a test's own.</summary>
/// <exception cref="StartException">The store cannot be opened; nothing in it has been changed.</exception>
internal delegate Task<MailSystem> OpenMailSystem(
    MailSystemOptions options,
    ArrivalSignal arrivals,
    SignetMetrics metrics,
    ILoggerFactory loggers,
    CancellationToken cancel);
