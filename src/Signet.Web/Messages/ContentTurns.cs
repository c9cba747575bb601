namespace Signet.Web.Messages;

/// <summary>
/// Limits how many message contents one person opens at the same time. Opening one takes several times its size in memory, so a hundred
/// open pages of a 10 MB message would take all the memory of the server.
/// </summary>
public sealed class ContentTurns
{
    /// <summary>For one person. More wait, however long it takes.</summary>
    public const int AtOnce = 2;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Person> people = new(StringComparer.Ordinal);

    /// <summary>Waits for a turn, which ends when the result is disposed.</summary>
    /// <param name="name">The operator's name.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<IDisposable> TakeAsync(string name, CancellationToken cancel)
    {
        Person? person;
        lock (gate)
        {
            if (!people.TryGetValue(name, out person))
            {
                people[name] = person = new Person();
            }

            person.Users++;
        }

        try
        {
            await person.Turns.WaitAsync(cancel);
        }
        catch
        {
            Leave(name, person);
            throw;
        }

        return new Turn(() =>
        {
            person.Turns.Release();
            Leave(name, person);
        });
    }

    private void Leave(string name, Person person)
    {
        lock (gate)
        {
            if (--person.Users == 0)
            {
                people.Remove(name);
                person.Turns.Dispose();
            }
        }
    }

    private sealed class Person
    {
        public SemaphoreSlim Turns { get; } = new(AtOnce, AtOnce);

        /// <summary>Who has a turn or waits for one.</summary>
        public int Users { get; set; }
    }

    private sealed class Turn(Action end) : IDisposable
    {
        private Action? end = end;

        public void Dispose() => Interlocked.Exchange(ref end, null)?.Invoke();
    }
}
