using Signet.Accounts;
using Signet.Web.Accounts;

namespace Signet.Web.Tests.Accounts;

public sealed class SettingsEditTests
{
    [Fact]
    public void Nothing_touched_is_nothing_changed()
    {
        Assert.True(new SettingsEdit(AccountSettings.Unlimited).TryRead(out var change, out var problem));

        Assert.Null(change);
        Assert.Null(problem);
    }

    [Fact]
    public void Leaving_the_sandbox_brings_the_limits_of_production_to_be_seen_first()
    {
        var edit = new SettingsEdit(AccountSettings.NewSandbox);

        edit.Choose(sandbox: false);

        Assert.Equal(("50000", "14"), (edit.Quota, edit.Rate));
        Assert.True(edit.TryRead(out var change, out _));
        Assert.Equal(new SettingsChange(Sandbox: false, Max24HourSend: 50_000, MaxSendRate: 14), change);
    }

    [Fact]
    public void Choosing_back_and_forth_leaves_what_was()
    {
        var edit = new SettingsEdit(new AccountSettings(true, 300, 2.5, false));

        edit.Choose(sandbox: false);
        edit.Choose(sandbox: true);

        Assert.True(edit.TryRead(out var change, out _));
        Assert.Null(change);
    }

    [Fact]
    public void Only_what_differs_is_changed()
    {
        var edit = new SettingsEdit(AccountSettings.NewSandbox) { Quota = " unlimited ", SendingEnabled = false };

        Assert.True(edit.TryRead(out var change, out _));

        Assert.Equal(new SettingsChange(Max24HourSend: -1, SendingEnabled: false), change);
    }

    [Theory]
    [InlineData("-5", "1", "the quota is a number or `unlimited`, not `-5`")]
    [InlineData("", "1", "the quota is a number or `unlimited`, not ``")]
    [InlineData("5", "fast", "the rate is a number or `unlimited`, not `fast`")]
    public void What_is_no_limit_is_named(string quota, string rate, string expected)
    {
        Assert.False(new SettingsEdit(AccountSettings.NewSandbox) { Quota = quota, Rate = rate }.TryRead(out _, out var problem));

        Assert.Equal(expected, problem);
    }
}
