namespace Signet.Addresses;

/// <summary>
/// Which byte sequences of .NET's larger encodings a charset has. The ranges are those of the standards (GB 2312-80, GBK, Big5 of 1984, KS C
/// 5601-1987, JIS X 0208, TIS 620-2533); what vendors added, the euro sign among it, lies outside.
/// </summary>
internal static class CharsetRepertoire
{
    public const string Big5 = "Big5";
    public const string EucJp = "EUC-JP";
    public const string EucKr = "EUC-KR";
    public const string Gb2312 = "GB2312";
    public const string Gbk = "GBK";
    public const string Iso8859Thai = "ISO-8859-11";
    public const string Ksc5601 = "KS_C_5601-1987";
    public const string ShiftJis = "Shift_JIS";
    public const string Tis620 = "TIS-620";

    /// <summary>Whether all characters are of the charset; of one that is not named here, always.</summary>
    /// <param name="name">One of the constants, or any other name.</param>
    /// <param name="bytes">Well-formed in the encoding.</param>
    public static bool Has(string name, ReadOnlySpan<byte> bytes) => name switch
    {
        Gb2312 => AllPairs(bytes, IsGb2312),
        Gbk => AllPairs(bytes, (_, _) => true),
        Big5 => AllPairs(bytes, IsBig5),
        Ksc5601 or EucKr => AllPairs(bytes, IsKsc5601),
        ShiftJis => AllPairs(bytes, (lead, _) => lead is (>= 0x81 and <= 0x84) or (>= 0x88 and <= 0x9f) or (>= 0xe0 and <= 0xea), IsKatakana),
        EucJp => AllPairs(bytes, (lead, _) => lead is 0x8e or (>= 0xa1 and <= 0xa8) or (>= 0xb0 and <= 0xf4)),
        Tis620 => All(bytes, IsThai),
        Iso8859Thai => All(bytes, b => b == 0xa0 || IsThai(b)),
        _ => true,
    };

    // Rows 1 to 9 have gaps, which GBK filled.
    private static bool IsGb2312(byte lead, byte trail) => trail >= 0xa1 && lead switch
    {
        0xa2 => trail is >= 0xb1 and <= 0xfc,
        0xa6 => trail <= 0xd8,
        0xa8 => trail is <= 0xba or (>= 0xc5 and <= 0xe9),
        >= 0xa1 and <= 0xa9 => true,
        0xd7 => trail <= 0xf9,
        _ => lead is >= 0xb0 and <= 0xf7,
    };

    private static bool IsBig5(byte lead, byte trail) => (lead << 8 | trail) is (>= 0xa140 and <= 0xa3bf) or (>= 0xa440 and <= 0xc67e) or (>= 0xc940 and <= 0xf9d5);

    private static bool IsKsc5601(byte lead, byte trail) =>
        lead is >= 0xa1 and <= 0xfd and not 0xc9 && trail >= 0xa1 && (lead << 8 | trail) is not (>= 0xa2e6 and <= 0xa2e8);

    // Half the width of others, one byte each (JIS X 0201).
    private static bool IsKatakana(byte single) => single is >= 0xa1 and <= 0xdf;

    private static bool IsThai(byte single) => single is (>= 0xa1 and <= 0xda) or (>= 0xdf and <= 0xfb);

    private static bool All(ReadOnlySpan<byte> bytes, Func<byte, bool> has)
    {
        foreach (var b in bytes)
        {
            if (b >= 0x80 && !has(b))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Bytes from 128 on come in pairs, but those that <paramref name="isSingle"/> names.</summary>
    private static bool AllPairs(ReadOnlySpan<byte> bytes, Func<byte, byte, bool> has, Func<byte, bool>? isSingle = null)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80 || isSingle?.Invoke(bytes[i]) == true)
            {
                continue;
            }

            // Code page 936 has the euro sign at 0x80 alone.
            if (i + 1 == bytes.Length || bytes[i] == 0x80 || !has(bytes[i], bytes[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }
}
