namespace Signet.Storage;

/// <summary>
/// How the views <c>uncounted_event</c> and <c>uncounted_attempt</c> lose what has been counted, which is all that differs between the
/// engines: SQLite remembers up to which rows it has counted, PostgreSQL, where transactions end in any order, has a row for each that
/// waits.
/// </summary>
/// <param name="Pass">Takes the numbers of the rows that were read, each list from its beginning.</param>
/// <param name="Mend">Makes good what somebody else did to the file: the rows of a SQLite file that was dumped and read back have other numbers.</param>
/// <param name="ForgetAll">Nothing waits any more, when events and attempts are gone.</param>
internal sealed record CountedRows(
    Func<IReadOnlyList<long>, IReadOnlyList<long>, IReadOnlyList<SqlStatement>> Pass,
    IReadOnlyList<SqlStatement> Mend,
    IReadOnlyList<SqlStatement> ForgetAll)
{
    public static CountedRows Sqlite { get; } = new(
        (events, attempts) =>
        [
            .. events.Count == 0 ? default(ReadOnlySpan<SqlStatement>)
                : [new("UPDATE traffic_progress SET event = @last", ("last", events[^1]))],
            .. attempts.Count == 0 ? default(ReadOnlySpan<SqlStatement>)
                : [new("UPDATE traffic_progress SET attempt = @last", ("last", attempts[^1]))],
        ],
        [
            new(
                """
                UPDATE traffic_progress SET version = version + 1,
                    event = MIN(event, (SELECT COALESCE(MAX(rowid), 0) FROM event)),
                    attempt = MIN(attempt, (SELECT COALESCE(MAX(rowid), 0) FROM attempt))
                WHERE event > (SELECT COALESCE(MAX(rowid), 0) FROM event) OR attempt > (SELECT COALESCE(MAX(rowid), 0) FROM attempt)
                """),
        ],
        []);

    public static CountedRows Postgres { get; } = new(
        (events, attempts) =>
        [
            new("DELETE FROM waiting_event WHERE number = ANY(@numbers)", ("numbers", events.ToArray())),
            new("DELETE FROM waiting_attempt WHERE number = ANY(@numbers)", ("numbers", attempts.ToArray())),
        ],
        [],
        [new("DELETE FROM waiting_event"), new("DELETE FROM waiting_attempt")]);
}
