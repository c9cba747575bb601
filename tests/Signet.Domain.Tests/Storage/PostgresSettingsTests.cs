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

    [Theory]
    [InlineData("Host=a", "a:5432")]
    [InlineData("Host=a,b", "a:5432 b:5432")]
    [InlineData("Host=a:6432, b;Port=5433", "a:6432 b:5433")]
    [InlineData("Host=192.0.2.1:6432,[2001:db8::1]:6432,2001:db8::2", "192.0.2.1:6432 [2001:db8::1]:6432 2001:db8::2:5432")]
    [InlineData("Host=/run/a,/run/b:c", "/run/a:5432 /run/b:c:5432")]
    public void Each_host_has_settings_of_its_own(string text, string expected)
    {
        var hosts = PostgresSettings.Hosts(Read($"{text};Target Session Attributes=primary;Load Balance Hosts=true;Host Recheck Seconds=3"));

        Assert.Equal(expected, string.Join(' ', hosts.Select(h => $"{h.Host}:{h.Port}")));
        Assert.All(hosts, h => Assert.Null(h.TargetSessionAttributes));
        Assert.All(hosts, h => Assert.Equal(h.Host!.StartsWith('/') ? 0 : 10, h.TcpKeepAliveTime));
    }

    [Theory]
    [InlineData("any")]
    [InlineData("standby")]
    [InlineData("prefer-standby")]
    [InlineData("prefer-primary")]
    [InlineData("read-only")]
    public void A_target_that_may_be_a_standby_is_refused(string target)
    {
        var refusal = Assert.Throws<StoreOpenException>(() => Read($"Host=a,b;Target Session Attributes={target}"));

        Assert.Contains($"`Target Session Attributes={target}`", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=a", false, 2)]
    [InlineData("Host=a,b", true, 2)]
    [InlineData("Host=a,b;Target Session Attributes=read-write;Host Recheck Seconds=7", true, 7)]
    [InlineData("Host=a;Target Session Attributes=Primary", true, 2)]
    public void Several_hosts_are_watched_and_a_single_one_when_it_is_to_be_the_primary(string text, bool isWatched, int seconds)
    {
        Assert.Equal(isWatched, PostgresSettings.MayFailOver(Read(text)));
        Assert.Equal(TimeSpan.FromSeconds(seconds), PostgresSettings.Interval(Read(text)));
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
