using Signet.Accounts;

namespace Signet.Web.Accounts;

/// <summary>An account's settings while somebody edits them.</summary>
public sealed class SettingsEdit(AccountSettings now)
{
    public bool Sandbox { get; private set; } = now.Sandbox;

    public string Quota { get; set; } = AccountLimit.Show(now.Max24HourSend);

    public string Rate { get; set; } = AccountLimit.Show(now.MaxSendRate);

    public bool SendingEnabled { get; set; } = now.SendingEnabled;

    /// <summary>Brings the quota and rate that <see cref="SettingsChange"/> would bring, to be seen, and changed, before they hold.</summary>
    public void Choose(bool sandbox)
    {
        var limits = sandbox == now.Sandbox ? now : sandbox ? AccountSettings.NewSandbox : AccountSettings.Production;
        (Sandbox, Quota, Rate) = (sandbox, AccountLimit.Show(limits.Max24HourSend), AccountLimit.Show(limits.MaxSendRate));
    }

    /// <summary>What was changed.</summary>
    /// <param name="change">Null for no change.</param>
    /// <param name="problem">What cannot be read, in one sentence; null when all can.</param>
    public bool TryRead(out SettingsChange? change, out string? problem)
    {
        change = null;
        if (!AccountLimit.TryParse(Quota.Trim(), out var quota))
        {
            problem = $"the quota is a number or `{AccountLimit.Unlimited}`, not `{Quota}`";
            return false;
        }

        if (!AccountLimit.TryParse(Rate.Trim(), out var rate))
        {
            problem = $"the rate is a number or `{AccountLimit.Unlimited}`, not `{Rate}`";
            return false;
        }

        var isMoved = Sandbox != now.Sandbox;
        var changed = new SettingsChange(
            isMoved ? Sandbox : null,
            isMoved || !quota.Equals(now.Max24HourSend) ? quota : null,
            isMoved || !rate.Equals(now.MaxSendRate) ? rate : null,
            SendingEnabled != now.SendingEnabled ? SendingEnabled : null);
        change = changed == new SettingsChange() ? null : changed;
        problem = null;
        return true;
    }
}
