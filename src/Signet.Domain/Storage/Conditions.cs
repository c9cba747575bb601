using Signet.Names;

namespace Signet.Storage;

/// <summary>A WHERE clause in the making: constant texts, joined by AND, with their values.</summary>
internal sealed class Conditions
{
    private readonly List<string> _texts = [];
    private readonly List<(string Name, object? Value)> _values = [];

    public IReadOnlyList<(string Name, object? Value)> Values => _values;

    /// <summary>Empty when there are no conditions.</summary>
    public string Where => _texts.Count == 0 ? "" : "WHERE " + string.Join(" AND ", _texts);

    /// <summary>A condition that compares with constants only.</summary>
    public void Add(string text) => _texts.Add(text);

    public void Add(string text, string name, object? value)
    {
        _texts.Add(text);
        _values.Add((name, value));
    }

    /// <summary>One more value for the conditions there are.</summary>
    public void Value(string name, object? value) => _values.Add((name, value));

    public void Owner(AccountRegion? owner)
    {
        if (owner is { } scope)
        {
            Add("account = @account", "account", scope.Account.Value);
            Add("region = @region", "region", scope.Region.Value);
        }
    }
}
