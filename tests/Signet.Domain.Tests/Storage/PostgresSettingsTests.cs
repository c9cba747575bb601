using Npgsql;
using Signet.Storage;

namespace Signet.Tests.Storage;

public sealed class PostgresSettingsTests
{
    private static readonly DatabaseOptions Server = new() { Patience = DatabaseOptions.ServerPatience };

    [Fact]
    public void Twenty_connections_are_taken_unless_somebody_says_otherwise()
    {
        Assert.Equal(20, Read("Host=db").MaxPoolSize);
        Assert.Equal(7, Read("Host=db", Server with { Connections = 7 }).MaxPoolSize);
        Assert.Equal(100, Read("Host=db;Maximum Pool Size=100").MaxPoolSize);
    }

    [Fact]
    public void Two_who_say_how_many_connections_are_one_too_many()
    {
        var refusal = Assert.Throws<StoreOpenException>(() => Read("Host=db;MaxPoolSize=100;Password=hush", Server with { Connections = 7 }));

        Assert.Contains("`--database-connections`", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Max Auto Prepare=0", false)]
    [InlineData("MaxAutoPrepare=0", false)]
    [InlineData("max auto prepare=64", false)]
    [InlineData("Application Name=x", true)]
    public void Whether_statements_are_kept_prepared_is_decided_here_only_when_the_connection_string_does_not(string text, bool isOpen) =>
        Assert.Equal(isOpen, PostgresSettings.LeavesPreparingOpen(Read($"Host=db;{text}")));

    [Fact]
    public void A_server_waits_less_than_ten_seconds_for_a_connection_a_statement_and_its_end()
    {
        var settings = Read("Host=db");

        Assert.True(settings.Timeout + settings.CommandTimeout + (settings.CancellationTimeout / 1000) < 10);
        Assert.Equal(60, Read("Host=db;Command Timeout=60").CommandTimeout);
        Assert.Equal(30, Read("Host=db", new DatabaseOptions()).CommandTimeout);
    }

    [Fact]
    public void A_session_that_keeps_nothing_is_not_reset()
    {
        Assert.True(Read("Host=db").NoResetOnClose);
        Assert.False(Read("Host=db;No Reset On Close=false").NoResetOnClose);
    }

    private static NpgsqlConnectionStringBuilder Read(string connectionString, DatabaseOptions? options = null) =>
        PostgresSettings.Read(connectionString, options ?? Server);
}
