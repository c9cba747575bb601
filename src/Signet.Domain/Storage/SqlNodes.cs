using Signet.Queue;

namespace Signet.Storage;

/// <inheritdoc cref="INodes"/>
public sealed class SqlNodes(Database database) : INodes
{
    private const string Free = "UPDATE open_delivery SET is_claimed = 0 WHERE is_claimed = 1";

    /// <inheritdoc/>
    public Task<NodeBeat> BeatAsync(string node, TimeSpan life, CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            (string Name, object? Value)[] values = [("node", node), ("life", (long)life.TotalMilliseconds)];
            var wasKnown = await session.ExecuteAsync($"UPDATE node SET alive_until = {session.Dialect.Now} + @life WHERE name = @node", values) > 0;
            if (!wasKnown)
            {
                await session.ExecuteAsync(
                    $"""
                    INSERT INTO node (name, alive_until) VALUES (@node, {session.Dialect.Now} + @life)
                    ON CONFLICT (name) DO UPDATE SET alive_until = excluded.alive_until
                    """,
                    values);
            }

            var others = await session.CountAsync($"SELECT COUNT(*) FROM node WHERE alive_until > {session.Dialect.Now} AND name <> @node", ("node", node));
            return new NodeBeat(wasKnown, (int)others + 1);
        },
        cancel);

    /// <inheritdoc/>
    public Task<int> FreeDeadAsync(CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync($"DELETE FROM node WHERE alive_until <= {session.Dialect.Now}");
            return await session.ExecuteAsync($"{Free} AND claimed_by NOT IN (SELECT name FROM node)");
        },
        cancel);

    /// <inheritdoc/>
    public Task<int> FreeAllAsync(CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync("DELETE FROM node");
            await session.ExecuteAsync("DELETE FROM duty");
            return await session.ExecuteAsync(Free);
        },
        cancel);

    /// <inheritdoc/>
    public Task<int> LeaveAsync(string node, CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync("DELETE FROM node WHERE name = @node", ("node", node));
            await session.ExecuteAsync("DELETE FROM duty WHERE node = @node", ("node", node));
            return await session.ExecuteAsync($"{Free} AND claimed_by = @node", ("node", node));
        },
        cancel);

    /// <inheritdoc/>
    public Task<bool> TryTakeAsync(Duty duty, string node, TimeSpan hold, CancellationToken cancel) => database.WriteAsync(
        async session => await session.ExecuteAsync(
            $"""
            INSERT INTO duty (name, node, until) VALUES (@duty, @node, {session.Dialect.Now} + @hold)
            ON CONFLICT (name) DO UPDATE SET node = excluded.node, until = excluded.until
            WHERE duty.node = excluded.node OR duty.until <= {session.Dialect.Now}
            """,
            ("duty", duty), ("node", node), ("hold", (long)hold.TotalMilliseconds)) > 0,
        cancel);
}
