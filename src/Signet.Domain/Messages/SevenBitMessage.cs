namespace Signet.Messages;

/// <summary>Why a message cannot be made 7-bit.</summary>
public enum SevenBitProblem
{
    None,

    /// <summary>What would have to be changed is signed as multipart/signed.</summary>
    SignedPart,

    /// <summary>Its parts cannot be separated reliably.</summary>
    Malformed,
}

/// <summary>
/// Makes a message 7-bit for a server without 8BITMIME (RFC 6152 §3). Parts with 8-bit content become quoted-printable or base64;
/// fields with 8-bit text get encoded words or RFC 2231 parameters; what says <c>8bit</c> or <c>binary</c> says <c>7bit</c>. Every
/// other byte stays. What a reader sees is the same, but for 8-bit text before the first and after the last part, which readers do not
/// see. A DKIM signature that the message brought along breaks, which is as if it were not there (RFC 6376 §6.1); parts that are
/// signed as multipart/signed are not converted, for that would show (RFC 5751 §3.1.3).
/// </summary>
public static class SevenBitMessage
{
    /// <param name="message">CRLF line ends, header first.</param>
    /// <param name="converted">The message of ASCII only; empty when there is a problem.</param>
    public static SevenBitProblem Convert(ReadOnlyMemory<byte> message, out ReadOnlyMemory<byte> converted)
    {
        var writer = new SevenBitWriter(message);
        var problem = writer.Write();
        converted = problem == SevenBitProblem.None ? writer.Written : ReadOnlyMemory<byte>.Empty;
        return problem;
    }
}
