namespace Signet.Accounts;

/// <summary>What to change of an account's settings in a region; null leaves a setting as it is.</summary>
/// <param name="Sandbox">
/// Leaving the sandbox brings the quota and rate of <see cref="AccountSettings.Production"/>, going back those of
/// <see cref="AccountSettings.NewSandbox"/>, unless they are given too.
/// </param>
/// <param name="Max24HourSend">Recipients in any 24 hours; -1 is unlimited.</param>
/// <param name="MaxSendRate">Recipients per second; -1 is unlimited.</param>
/// <param name="SendingEnabled">The switch of UpdateAccountSendingEnabled.</param>
public sealed record SettingsChange(
    bool? Sandbox = null, double? Max24HourSend = null, double? MaxSendRate = null, bool? SendingEnabled = null)
{
    internal AccountSettings ApplyTo(AccountSettings now)
    {
        var sandbox = Sandbox ?? now.Sandbox;
        var limits = sandbox == now.Sandbox ? now : sandbox ? AccountSettings.NewSandbox : AccountSettings.Production;
        return new AccountSettings(
            sandbox, Max24HourSend ?? limits.Max24HourSend, MaxSendRate ?? limits.MaxSendRate, SendingEnabled ?? now.SendingEnabled);
    }
}
