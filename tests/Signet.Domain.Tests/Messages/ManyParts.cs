using System.Text;

namespace Signet.Tests.Messages;

/// <summary>Messages of many parts, each of which is an <c>x</c>.</summary>
internal static class ManyParts
{
    public static byte[] In(string type, int parts) => Encoding.ASCII.GetBytes(
        $"From: a@example.com\r\nContent-Type: {type}; boundary=b\r\n\r\n{string.Concat(Enumerable.Repeat("--b\r\n\r\nx\r\n", parts))}--b--\r\n");
}
