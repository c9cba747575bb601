using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Signet.Console.SignIn;

/// <summary>
/// What an open page asks for is done only if its session is good at that moment: in the seconds until <see cref="SessionWatch"/> looks,
/// somebody who was shut out could make an operator.
/// </summary>
internal sealed class SessionBarrier(SessionWatch watch) : CircuitHandler, IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        async activity =>
        {
            // What was typed comes before the click that follows it: each begins only when the one before has begun.
            Task begun;
            await turn.WaitAsync();
            try
            {
                if (!await watch.LookAsync(CancellationToken.None))
                {
                    return;
                }

                begun = next(activity);
            }
            finally
            {
                turn.Release();
            }

            await begun;
        };

    public void Dispose() => turn.Dispose();
}
