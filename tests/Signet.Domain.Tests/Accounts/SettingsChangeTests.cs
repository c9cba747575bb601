using Signet.Accounts;

namespace Signet.Tests.Accounts;

public sealed class SettingsChangeTests
{
    [Fact]
    public void Leaving_the_sandbox_brings_the_limits_of_production()
    {
        Assert.Equal(AccountSettings.Production, new SettingsChange(Sandbox: false).ApplyTo(AccountSettings.NewSandbox));
    }

    [Fact]
    public void Going_back_to_the_sandbox_brings_its_limits()
    {
        Assert.Equal(AccountSettings.NewSandbox, new SettingsChange(Sandbox: true).ApplyTo(AccountSettings.Production));
    }

    [Fact]
    public void Limits_given_with_the_way_out_win()
    {
        var settings = new SettingsChange(Sandbox: false, Max24HourSend: 300, MaxSendRate: 2).ApplyTo(AccountSettings.NewSandbox);

        Assert.Equal(new AccountSettings(false, 300, 2, true), settings);
    }

    [Fact]
    public void Saying_what_is_so_already_keeps_limits_that_were_set()
    {
        var special = AccountSettings.Production with { Max24HourSend = 1_000_000 };

        Assert.Equal(special, new SettingsChange(Sandbox: false).ApplyTo(special));
    }

    [Fact]
    public void A_change_of_the_sandbox_leaves_a_paused_account_paused()
    {
        Assert.False(new SettingsChange(Sandbox: false).ApplyTo(AccountSettings.NewSandbox with { SendingEnabled = false }).SendingEnabled);
    }
}
