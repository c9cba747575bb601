using Microsoft.Extensions.Logging;
using Signet.Names;
using Signet.Server.Hosting;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("signet-test-").FullName;
    private readonly Dictionary<string, string> variables = [];
    private readonly Dictionary<string, IReadOnlyList<string>> commandLine = [];

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Dev_needs_nothing()
    {
        var settings = Dev();

        Assert.Equal("127.0.0.1:8025", settings.Http.Single().ToString());
        Assert.Equal("127.0.0.1:1025", settings.Smtp.Single().ToString());
        Assert.Empty(settings.Inspection);
        Assert.Equal("capture", settings.Routes.Single().ToString());
        Assert.Equal(TimeSpan.FromDays(7), settings.Retain);
        Assert.Equal(Path.Combine(directory, ".signet"), settings.Store.Data);
        Assert.Equal("machine.example.com", settings.Hostname.Value);
        Assert.Equal(10_485_760, settings.MaxMessageSize);
        Assert.False(settings.EnforcesLimits);
    }

    [Fact]
    public void Connections_to_PostgreSQL_are_limited_by_the_connection_string_unless_a_number_is_given()
    {
        commandLine["database"] = ["Host=db.example.com"];
        Assert.Null(Dev().Store.Connections);

        commandLine["database-connections"] = ["5"];
        Assert.Equal(5, Dev().Store.Connections);

        commandLine["database-connections"] = ["1"];
        Assert.EndsWith("it takes a number from 2 to 10000", Assert.Throws<SettingsException>(Dev).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dev_listens_anywhere_once_the_hosts_are_named()
    {
        commandLine["http"] = ["*:8025"];
        commandLine["allow-host"] = ["signet,*.example.dev", "192.0.2.5"];

        Assert.Equal("*.example.dev, 192.0.2.5, signet", Dev().AllowedHosts.ToString());
        Assert.Equal(8025, Dev().Http.Single().Port);
    }

    [Fact]
    public void Proxies_are_networks_and_addresses()
    {
        commandLine["trust-proxy"] = ["10.0.0.0/8, 192.0.2.5", "2001:db8::/32"];
        commandLine["route"] = ["capture"];

        Assert.Equal(["10.0.0.0/8", "192.0.2.5/32", "2001:db8::/32"], Serve().TrustedProxies.Select(p => p.ToString()));

        commandLine["trust-proxy"] = ["10.0.0.0/40"];
        Refused("`--trust-proxy` cannot be `10.0.0.0/40` (given on the command line): it takes IP addresses and networks", Serve);
    }

    [Fact]
    public void A_key_of_the_server_comes_with_its_domain_and_selector()
    {
        commandLine["dkim-domain"] = ["Mail.example.com"];
        commandLine["dkim-selector"] = ["s1"];
        commandLine["dkim-key"] = ["dkim.pem"];

        Assert.Equal(("mail.example.com", "s1", Path.Combine(directory, "dkim.pem")), (Dev().Dkim!.Domain.Value, Dev().Dkim!.Selector, Dev().Dkim!.KeyFile));

        commandLine["dkim-selector"] = ["a selector"];
        Assert.StartsWith("`--dkim-selector` cannot be `a selector` ", Assert.Throws<SettingsException>(Dev).Message, StringComparison.Ordinal);

        commandLine.Remove("dkim-selector");
        var problem = Assert.Throws<SettingsException>(Dev).Message;
        Assert.StartsWith("`--dkim-domain` cannot be `Mail.example.com` ", problem, StringComparison.Ordinal);
        Assert.EndsWith("`--dkim-selector` is missing: the three go together", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_vouches_for_operators_comes_with_our_name_and_secret_there()
    {
        Assert.Null(Serve().External);
        commandLine["oidc-authority"] = ["https://id.example.com/realms/staff"];
        commandLine["oidc-client-id"] = ["signet"];
        variables["SIGNET_OIDC_CLIENT_SECRET"] = "a secret";
        Assert.Equal(("https://id.example.com/realms/staff", "signet", "a secret", "email"), Read());

        commandLine["oidc-claim"] = ["preferred_username"];
        commandLine["oidc-authority"] = ["http://127.0.0.1:8080"];
        Assert.Equal(("http://127.0.0.1:8080/", "signet", "a secret", "preferred_username"), Read());

        (string, string, string, string) Read() => Serve().External is { } external
            ? ($"{external.Authority}", external.ClientId, external.ClientSecret, external.NameClaim)
            : default;
    }

    [Theory]
    [InlineData("http://id.example.com")]
    [InlineData("id.example.com")]
    [InlineData("https://user:pass@id.example.com")]
    [InlineData("https://id.example.com/?a=b")]
    [InlineData("https://id.example.com/#a")]
    public void Who_vouches_for_operators_is_asked_over_TLS(string authority)
    {
        commandLine["oidc-authority"] = [authority];
        commandLine["oidc-client-id"] = ["signet"];
        commandLine["oidc-client-secret"] = ["a secret"];

        var problem = Assert.Throws<SettingsException>(Serve).Message;

        Assert.StartsWith($"`--oidc-authority` cannot be `{authority}` ", problem, StringComparison.Ordinal);
        Assert.EndsWith("it takes an https URL without a user, a query or a fragment", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oidc-authority", "oidc-client-id")]
    [InlineData("oidc-client-id", "oidc-authority")]
    [InlineData("oidc-client-secret", "oidc-authority")]
    public void One_setting_of_OpenID_Connect_alone_is_refused_and_the_secret_is_not_shown(string given, string missing)
    {
        commandLine[given] = [given == "oidc-authority" ? "https://id.example.com" : "something"];

        var problem = Assert.Throws<SettingsException>(Serve).Message;

        Assert.StartsWith($"`--{given}` cannot be ", problem, StringComparison.Ordinal);
        Assert.EndsWith($"`--{missing}` is missing: the three go together", problem, StringComparison.Ordinal);
        Assert.Equal(given != "oidc-client-secret", problem.Contains(commandLine[given][0], StringComparison.Ordinal));
    }

    [Fact]
    public void The_regions_are_those_of_AWS_unless_they_are_listed()
    {
        Assert.Equal(RegionSet.Aws, Dev().Regions);
        Assert.Null(Command().Regions);

        WriteFile("""{"regions": ["mars-1", "eu-west-1"]}""");
        Assert.Equal("mars-1,eu-west-1", $"{Serve().Regions}");
        Assert.Equal("mars-1,eu-west-1", $"{Command().Regions}");
        WriteFile("""{"regions": "mars-2,eu-west-1"}""");
        Assert.Equal("mars-2,eu-west-1", $"{Serve().Regions}");

        variables["SIGNET_REGIONS"] = "eu-west-1, us-east-1";
        Assert.Equal(("eu-west-1,us-east-1", "us-east-1"), ($"{Serve().Regions}", $"{Serve().Regions.Default}"));

        commandLine["regions"] = ["a-1,b-1", "c-1"];
        Assert.Equal(("a-1,b-1,c-1", "a-1"), ($"{Dev().Regions}", $"{Dev().Regions.Default}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("us-east-1,")]
    [InlineData("US-EAST-1")]
    [InlineData("us-east-1 eu-west-1")]
    [InlineData("*")]
    public void A_list_with_what_is_no_region_is_refused(string list)
    {
        commandLine["regions"] = [list];

        Refused($"`--regions` cannot be `{list}` (given on the command line): it takes names such as `us-east-1`", Dev);
        Assert.Throws<SettingsException>(Command);
    }

    [Fact]
    public void A_secret_that_is_given_twice_is_not_shown()
    {
        commandLine["oidc-client-secret"] = ["first secret", "second secret"];

        Assert.DoesNotContain("second secret", Assert.Throws<SettingsException>(Serve).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_without_a_provider_is_refused()
    {
        commandLine["oidc-claim"] = ["sub"];

        Refused("`--oidc-claim` cannot be `sub` (given on the command line): `--oidc-authority` is missing", Serve);
    }

    [Fact]
    public void Serve_keeps_contents_for_three_days_and_inspection_apart()
    {
        commandLine["route"] = ["capture"];

        var settings = Serve();

        Assert.Equal(TimeSpan.FromDays(3), settings.Retain);
        Assert.Equal("127.0.0.1:8026", settings.Inspection.Single().ToString());
        Assert.True(settings.EnforcesLimits);
    }

    [Theory]
    [InlineData("1h", "2h", "3h", 1)]
    [InlineData(null, "2h", "3h", 2)]
    [InlineData(null, null, "3h", 3)]
    [InlineData(null, "", "3h", 3)]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file(string? given, string? variable, string file, int hours)
    {
        commandLine["route"] = ["capture"];
        if (given is not null)
        {
            commandLine["retain"] = [given];
        }

        if (variable is not null)
        {
            variables["SIGNET_RETAIN"] = variable;
        }

        WriteFile($$"""{"retain": "{{file}}"}""");

        Assert.Equal(TimeSpan.FromHours(hours), Serve().Retain);
    }

    [Theory]
    [InlineData("1M", 1L << 20)]
    [InlineData("500m", 500L << 20)]
    [InlineData("20G", 20L << 30)]
    [InlineData("1024T", 1L << 50)]
    public void A_size_has_a_unit(string text, long bytes)
    {
        commandLine["retain-size"] = [text];

        Assert.Equal(bytes, Dev().RetainSize);
    }

    [Theory]
    [InlineData("1000000")]
    [InlineData("1K")]
    [InlineData("0G")]
    [InlineData("-1G")]
    [InlineData("1.5G")]
    [InlineData("1025T")]
    [InlineData("99999999999T")]
    [InlineData("G")]
    public void A_size_that_is_none_is_refused(string text)
    {
        commandLine["retain-size"] = [text];

        var refusal = Assert.Throws<SettingsException>(Dev);

        Assert.Contains($"`{text}`", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("it takes a size from `1M` to `1024T`", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repeated_setting_is_separated_by_commas_in_the_environment_and_an_array_in_the_file()
    {
        variables["SIGNET_ROUTE"] = "example.com=capture, capture";
        WriteFile("""{"http": ["127.0.0.1:1", "[::1]:2"], "mx-port": 2525, /* a comment */}""");

        var settings = Serve();

        Assert.Equal(["example.com=capture", "capture"], settings.Routes.Select(r => r.ToString()));
        Assert.Equal(["127.0.0.1:1", "[::1]:2"], settings.Http.Select(a => a.ToString()));
        Assert.Equal(2525, settings.MxPort);
    }

    [Fact]
    public void Dev_reads_a_file_only_when_it_is_named()
    {
        WriteFile("""{"retain": "3h"}""");
        Assert.Equal(TimeSpan.FromDays(7), Dev().Retain);

        commandLine["config"] = ["signet.json"];
        Assert.Equal(TimeSpan.FromHours(3), Dev().Retain);
    }

    [Fact]
    public void A_route_for_some_domains_leaves_the_rest_to_the_default()
    {
        commandLine["route"] = ["example.com=capture"];

        Assert.Equal(["example.com=capture", "capture"], Dev().Routes.Select(r => r.ToString()));
    }

    [Fact]
    public void A_file_of_receivers_is_read_over_the_one_that_comes_with_the_program()
    {
        var file = Path.Combine(directory, "receivers.ini");
        File.WriteAllText(file, "[default]\nsource-addresses = 127.0.0.1");
        commandLine["receivers"] = ["receivers.ini"];
        Assert.Equal(["127.0.0.1"], Dev().Receivers.SourceAddresses.Select(a => $"{a}"));

        File.WriteAllText(file, "[ours]\n\nconnections = 2.5");
        Refused("`--receivers` cannot be `receivers.ini` (given on the command line): line 3: `2.5` is no whole number from 1 to 1000", Dev);

        File.Delete(file);
        Refused("`--receivers` cannot be `receivers.ini` (given on the command line): the file cannot be read: ", Dev);
    }

    [Theory]
    [InlineData("http", "8025", "`--http` cannot be `8025` (given on the command line): it takes HOST:PORT, HOST being an IP address, `localhost` or `*`, or `none`")]
    [InlineData("http", "[::1]:99999", "`--http` cannot be `[::1]:99999`")]
    [InlineData("http", "::1:8025", "`--http` cannot be `::1:8025`")]
    [InlineData("http", "0.0.0.0:8025", "`--http` cannot be `0.0.0.0:8025` (given on the command line): `signet dev` has no login, so it listens on loopback only, unless `--allow-host` names the hosts that it may be called by")]
    [InlineData("smtp", "*:25", "`--smtp` cannot be `*:25` (given on the command line): `signet dev` has")]
    [InlineData("http", "none", "`--http` is `none`: nothing would listen")]
    [InlineData("retain", "7", "`--retain` cannot be `7` (given on the command line): it takes a span from `1m` to `3650d`")]
    [InlineData("retain", "0d", "`--retain` cannot be `0d`")]
    [InlineData("retain", "-1d", "`--retain` cannot be `-1d`")]
    [InlineData("mx-port", "0", "`--mx-port` cannot be `0` (given on the command line): it takes a number from 1 to 65535")]
    [InlineData("hostname", "a b", "`--hostname` cannot be `a b` (given on the command line): it takes a domain name")]
    [InlineData("dns", "ns.test:53", "`--dns` cannot be `ns.test:53`")]
    [InlineData("public-url", "ftp://x.test", "`--public-url` cannot be `ftp://x.test`")]
    [InlineData("public-url", "https://x.test/signet/", "`--public-url` cannot be `https://x.test/signet/` (given on the command line): it takes no path: Signet must be at the root of a host")]
    [InlineData("allow-host", "signet,http://x.test", "`--allow-host` cannot be `signet,http://x.test` (given on the command line): it takes host names, IP addresses and `*.` before a domain, separated by commas")]
    [InlineData("allow-host", "signet:8025", "`--allow-host` cannot be `signet:8025`")]
    [InlineData("allow-host", "*", "`--allow-host` cannot be `*`")]
    [InlineData("database-connections", "5", "`--database-connections` cannot be `5` (given on the command line): `--database` is missing, and SQLite takes no connections")]
    [InlineData("secret-key", "c2VjcmV0", "`--secret-key` cannot be `***` (given on the command line): it takes 32 bytes in base64")]
    [InlineData("data", "", "`--data` cannot be `` (given on the command line): it is empty")]
    [InlineData("log-level", "info", "`--log-level` cannot be `info` (given on the command line): it takes `trace`, `debug`, `information`, `warning`, `error` or `none`")]
    [InlineData("log-format", "xml", "`--log-format` cannot be `xml` (given on the command line): it takes `text` or `json`")]
    [InlineData("route", "nowhere", "`--route` cannot be `nowhere` (given on the command line): it takes [PATTERN=]TARGET")]
    [InlineData("route", "mx?tls=maybe", "`--route` cannot be `mx?tls=maybe` (given on the command line): behind the `?` of a target stands `tls=` and opportunistic, required or verified")]
    [InlineData("route", "smtp://u:secret@h?tls=required", "`--route` cannot be `smtp://***@h?tls=required` (given on the command line): a password is only sent to a smarthost whose certificate is valid: leave `?tls=` out, or set it to verified")]
    [InlineData("route", "smtp://u:secret@h/x", "`--route` cannot be `smtp://***@h/x`")]
    public void A_value_that_makes_no_sense_is_named_with_its_origin(string name, string value, string error)
    {
        commandLine[name] = [value];

        Refused(error, Dev);
    }

    [Theory]
    [InlineData("mail")]
    [InlineData("localhost")]
    [InlineData("mail.localhost")]
    [InlineData("localhost.localdomain")]
    [InlineData("192.0.2.1")]
    public void Mail_exchangers_are_not_talked_to_without_a_full_name(string hostname)
    {
        commandLine["hostname"] = [hostname];
        string[][] routes = [[], ["mx"], ["example.com=mx", "capture"], ["example.com=capture"]];
        Assert.All(routes, route =>
        {
            commandLine["route"] = route;
            Refused(
                $"`--hostname` cannot be `{hostname}` (given on the command line): mail exchangers (the route `mx`) refuse a server without a full name: set it",
                () => Serve());
        });

        commandLine["route"] = ["smtp://smarthost.example.com"];
        Assert.Equal((hostname, false), (Serve().Hostname.Value, Serve().HasFullHostname));
    }

    [Fact]
    public void Nor_with_the_name_of_the_machine_if_that_is_none()
    {
        Assert.Equal("machine.example.com", Serve().Hostname.Value);
        Assert.Equal(
            "`--hostname` is missing, and this machine is called `box`: mail exchangers (the route `mx`) refuse a server without a full name: "
                + "set it to the name that this server has in the DNS, for instance `mail.example.com`",
            Assert.Throws<SettingsException>(
                () => SettingsReader.Read(isDev: false, commandLine, Surroundings() with { MachineName = "box" })).Message);
    }

    [Fact]
    public void A_command_takes_the_names_of_the_server_unless_it_is_given_others()
    {
        Assert.Equal((null, "machine.example.com", null), (Command().Hostname, Command().MachineName.Value, Command().DkimZone));

        commandLine["hostname"] = ["mail.example.com"];
        commandLine["dkim-zone"] = ["keys.example.com"];
        Assert.Equal(("mail.example.com", "keys.example.com"), (Command().Hostname?.Value, Command().DkimZone?.Value));
    }

    [Fact]
    public void The_log_is_text_at_level_information_unless_told_otherwise()
    {
        Assert.Equal((LogLevel.Information, LogFormat.Text), (Dev().LogLevel, Dev().LogFormat));
        Assert.Equal((LogLevel.Information, LogFormat.Text), (Serve().LogLevel, Serve().LogFormat));

        variables["SIGNET_LOG_FORMAT"] = "json";
        commandLine["log-level"] = ["none"];

        Assert.Equal((LogLevel.None, LogFormat.Json), (Serve().LogLevel, Serve().LogFormat));
    }

    [Fact]
    public void Serve_delivers_to_the_world_unless_told_otherwise() => Assert.Equal("mx", Serve().Routes.Single().ToString());

    [Fact]
    public void Mail_exchangers_in_private_networks_are_for_dev_and_for_those_who_ask_for_them()
    {
        Assert.True(Dev().AllowsPrivateHosts);
        Assert.False(Serve().AllowsPrivateHosts);
        variables["SIGNET_ALLOW_PRIVATE_HOSTS"] = "true";
        Assert.True(Serve().AllowsPrivateHosts);
    }

    [Fact]
    public void An_option_of_the_other_command_is_refused_from_wherever_it_comes()
    {
        variables["SIGNET_STRICT"] = "true";
        commandLine["route"] = ["capture"];

        Refused("`--strict` cannot be `true` (from SIGNET_STRICT): `signet serve` does not take it, `signet dev` does", () => Serve());
    }

    [Fact]
    public void A_single_setting_that_is_given_twice_is_refused()
    {
        commandLine["retain"] = ["1d", "2d"];

        Refused("`--retain` cannot be `2d` (given on the command line): it is given more than once", Dev);
    }

    [Theory]
    [InlineData("""{"htpp": "127.0.0.1:1"}""", "`htpp` in the settings file `signet.json` is not a setting")]
    [InlineData("""{"config": "other.json"}""", "`config` in the settings file `signet.json` is not a setting")]
    [InlineData("""{"retain": ["1d"]}""", "`retain` in the settings file `signet.json` is not a text, a number, true or false")]
    [InlineData("""{"http": []}""", "`http` in the settings file `signet.json` is an empty array: leave it out for its default")]
    [InlineData("""{"regions": []}""", "`regions` in the settings file `signet.json` is an empty array: leave it out for its default")]
    [InlineData("""{"retain": "1d", "retain": "2d"}""", "the settings file `signet.json` is not JSON: ")]
    [InlineData("[]", "the settings file `signet.json` does not hold a JSON object")]
    [InlineData("{", "the settings file `signet.json` is not JSON: ")]
    [InlineData("""{"retain": "soon"}""", "`--retain` cannot be `soon` (from signet.json): ")]
    public void A_file_that_makes_no_sense_is_refused(string json, string error)
    {
        commandLine["route"] = ["capture"];
        WriteFile(json);

        Refused(error, () => Serve());
    }

    [Fact]
    public void A_file_that_is_named_must_be_there()
    {
        commandLine["config"] = ["missing.json"];

        Refused("the settings file `missing.json` cannot be read: ", Dev);
    }

    [Theory]
    [InlineData("127.0.0.1:0", true)]
    [InlineData("[::1]:80", true)]
    [InlineData("localhost:80", true)]
    [InlineData("192.0.2.1:80", false)]
    [InlineData("*:80", false)]
    [InlineData("[::]:80", false)]
    public void Loopback_is_told_from_the_rest(string text, bool isLoopback) =>
        Assert.Equal(isLoopback, ListenAddress.Parse(text).IsLoopback);

    [Fact]
    public void Every_setting_is_documented()
    {
        var document = Repository.Document("configuration.md");

        Assert.All(SettingsTable.All, option => Assert.Contains($"`{option.Flag}", document, StringComparison.Ordinal));
    }

    private static void Refused(string error, Func<Settings> read) =>
        Assert.StartsWith(error, Assert.Throws<SettingsException>(() => read()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_variable_that_a_platform_filled_with_the_address_of_a_service_is_passed_over()
    {
        variables["SIGNET_MX_PORT"] = "tcp://10.0.0.1:25";
        variables["SIGNET_HTTP"] = "127.0.0.1:1";

        var settings = Serve();

        Assert.Equal(["SIGNET_MX_PORT"], settings.PassedOver);
        Assert.Equal(25, settings.MxPort);
        Assert.Equal(1, Assert.Single(settings.Http).Port);
        Assert.NotNull(Command());
    }

    private Settings Dev() => SettingsReader.Read(isDev: true, commandLine, Surroundings());

    private CommandSettings Command() => SettingsReader.ReadCommand(commandLine, Surroundings());

    private Settings Serve() => SettingsReader.Read(isDev: false, commandLine, Surroundings());

    private SettingsSurroundings Surroundings() => new(variables.GetValueOrDefault, directory, "machine.example.com");

    private void WriteFile(string json) => File.WriteAllText(Path.Combine(directory, "signet.json"), json);
}
