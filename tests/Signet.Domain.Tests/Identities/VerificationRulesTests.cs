using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using Signet.Addresses;
using Signet.Identities;
using Signet.Names;

namespace Signet.Tests.Identities;

public sealed partial class VerificationRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AccountRegion Owner = new(AccountId.Parse("111122223333"), Region.Default);
    private static readonly IdentityArn DomainArn = new(Owner, new IdentityName.OfDomain(DomainName.Parse("example.com")));
    private static readonly IdentityArn AddressArn =
        new(Owner, new IdentityName.OfAddress(new EmailAddress("sender", DomainName.Parse("example.com"))));

    public static TheoryData<string> Steps =>
        [.. File.ReadLines(Path.Combine(Golden.Folder(), "status-steps.txt")).Where(line => line.Length > 0 && line[0] != '#')];

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_look_at_the_DNS_leads_to_the_next_status(string step)
    {
        var parts = step.Split('|');
        var found = Words(parts[1]);
        var wanted = Words(parts[2]);

        var next = VerificationRules.Next(
            Read(parts[0]), new DnsFindings(Enum.Parse<Finding>(found[0]), Enum.Parse<Finding>(found[1])), Now);

        Assert.Equal(
            Read(parts[2]) with { NextCheckAt = wanted.Length > 2 ? Now + Span(wanted[3]) : null },
            next);
    }

    [Theory]
    [InlineData(1, VerificationStatus.Pending)]
    [InlineData(0, VerificationStatus.Failed)]
    public void An_address_fails_when_its_link_has_run_out(int minutesLeft, VerificationStatus status)
    {
        var address = VerificationRules.StartAddress(null, AddressArn, atOnce: false, Now);

        var next = VerificationRules.Next(address, DnsFindings.None, address.Deadline!.Value - TimeSpan.FromMinutes(minutesLeft));

        Assert.Equal((status, null), (next.Status, next.NextCheckAt));
    }

    [Fact]
    public void A_new_address_waits_24_hours()
    {
        var address = VerificationRules.StartAddress(null, AddressArn, atOnce: false, Now);

        Assert.Equal(
            new Identity(AddressArn, VerificationStatus.Pending, null, Now, Now + TimeSpan.FromHours(24), null, DkimState.NotStarted), address);
    }

    [Fact]
    public void A_new_domain_waits_72_hours_and_is_looked_up_at_once()
    {
        var domain = VerificationRules.StartDomain(null, DomainArn, "token", atOnce: false, Now);

        Assert.Equal(
            new Identity(DomainArn, VerificationStatus.Pending, "token", Now, Now + TimeSpan.FromHours(72), Now, DkimState.NotStarted), domain);
    }

    [Theory]
    [InlineData("Pending@1h", "Pending@72h")]
    [InlineData("Failed", "Pending@72h")]
    [InlineData("NotStarted", "Pending@72h")]
    [InlineData("Success", "Success")]
    [InlineData("TemporaryFailure@5h", "TemporaryFailure@5h")]
    public void Asking_again_for_a_domain_starts_again_unless_it_may_send(string was, string becomes)
    {
        var identity = Read($"{was} NotStarted") with { VerificationToken = "token" };

        var next = VerificationRules.StartDomain(identity, DomainArn, "another", atOnce: false, Now);

        Assert.Equal(Read($"{becomes} NotStarted") with { VerificationToken = "token" }, next with { NextCheckAt = null });
    }

    [Theory]
    [InlineData("Pending@1h", "Pending@72h")]
    [InlineData("Failed", "Pending@72h")]
    [InlineData("NotStarted", "Pending@72h")]
    [InlineData("Success", "Success")]
    [InlineData("TemporaryFailure@5h", "TemporaryFailure@5h")]
    public void Asking_again_for_DKIM_starts_again_unless_it_was_verified(string was, string becomes)
    {
        var identity = Read($"Success {was}");

        var next = VerificationRules.StartDkim(identity, ["a", "b", "c"], atOnce: false, Now);

        Assert.Equal(["a", "b", "c"], next.Dkim.Tokens);
        Assert.Equal(Read($"Success {becomes}"), next with { NextCheckAt = null, Dkim = next.Dkim with { Tokens = [] } });
    }

    [Fact]
    public void DKIM_tokens_never_change()
    {
        var first = VerificationRules.StartDkim(Read("NotStarted NotStarted"), ["a", "b", "c"], atOnce: false, Now);

        var again = VerificationRules.StartDkim(first, ["d", "e", "f"], atOnce: false, Now);

        Assert.Equal(["a", "b", "c"], again.Dkim.Tokens);
    }

    [Fact]
    public void At_once_nothing_is_waited_for()
    {
        var address = VerificationRules.StartAddress(null, AddressArn, atOnce: true, Now);
        var domain = VerificationRules.StartDomain(Read("Pending@1h NotStarted") with { NextCheckAt = Now }, DomainArn, "token", atOnce: true, Now);
        var signing = VerificationRules.StartDkim(domain, ["a", "b", "c"], atOnce: true, Now);

        Assert.All([address, domain, signing], identity => Assert.Equal(
            (VerificationStatus.Success, null, null), (identity.Status, identity.Deadline, identity.NextCheckAt)));
        Assert.Equal((VerificationStatus.Success, null), (signing.Dkim.Status, signing.Dkim.Deadline));
    }

    [Fact]
    public void While_a_term_runs_the_next_look_is_neither_at_once_nor_after_its_end()
    {
        Gen.Int[1, 72 * 60 * 60].Sample(secondsLeft =>
        {
            var domain = Read("Pending@0m NotStarted") with { Deadline = Now + TimeSpan.FromSeconds(secondsLeft) };
            var next = VerificationRules.Next(domain, new DnsFindings(Finding.Absent, Finding.NotAsked), Now);
            return next.NextCheckAt > Now && next.NextCheckAt <= domain.Deadline && next.NextCheckAt <= Now + TimeSpan.FromHours(1);
        });
    }

    private static Identity Read(string states)
    {
        var words = Words(states);
        var (own, dkim) = (ReadState(words[0]), ReadState(words[1]));
        return new Identity(DomainArn, own.Status, null, Now, own.Deadline, null, new DkimState(true, dkim.Status, [], dkim.Deadline));
    }

    private static (VerificationStatus Status, DateTimeOffset? Deadline) ReadState(string word) =>
        word.Split('@') is [var status, var span]
            ? (Enum.Parse<VerificationStatus>(status), Now + Span(span))
            : (Enum.Parse<VerificationStatus>(word), null);

    private static TimeSpan Span(string text)
    {
        var match = SpanForm().Match(text);
        Assert.True(match.Success, $"{text} is not a span of time");
        var span = new TimeSpan(Part(match, 2), Part(match, 3), Part(match, 4));
        return match.Groups[1].Success ? -span : span;
    }

    private static int Part(Match match, int group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^(-)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$")]
    private static partial Regex SpanForm();
}
