namespace Signet.Web.Operators;

/// <summary>Words about passwords that more than one form says.</summary>
internal static class Passwords
{
    public const string Differ = "the two passwords differ";
}
