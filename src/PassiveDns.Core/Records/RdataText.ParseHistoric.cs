namespace PassiveDns;

/// <summary>Addresses of networks that are gone, which zone files and old captures still have.</summary>
public static partial class RdataText
{
    /// <summary>RFC 1706 section 7: dots may stand anywhere among the digits.</summary>
    private static bool TryParseDottedHex(ReadOnlySpan<byte> word, ref OctetWriter writer)
    {
        int start = writer.Written;
        return writer.AddHex(word, allowDots: true) && writer.Written > start;
    }

    private static bool TryParseAtmAddress(ReadOnlySpan<byte> word, ref OctetWriter writer)
    {
        if (word[0] != '+') return writer.Add(0) && TryParseDottedHex(word, ref writer);
        int start = writer.Written;
        if (!writer.Add(1)) return false;
        foreach (byte b in word[1..])
        {
            if (b == '.') continue;
            if (!char.IsAsciiDigit((char)b) || !writer.Add(b)) return false;
        }

        return writer.Written > start + 1;
    }

    /// <summary>RFC 2874 section 3.2: a whole address, of which the bits that the prefix does not cover are kept; none if it covers all.</summary>
    private static bool TryParseSuffix(ref TextTokens tokens, ref OctetWriter writer)
    {
        int prefix = writer.Octets[^1];
        if (prefix >= 128) return prefix == 128;
        Span<byte> address = stackalloc byte[16];
        if (!tokens.TryTakeWord(out ReadOnlySpan<byte> word) || !AddressText.TryParse(word, address, out int length) || length != 16) return false;
        Span<byte> suffix = address[(prefix / 8)..];
        suffix[0] &= (byte)(0xFF >> prefix % 8);
        return writer.Add(suffix);
    }
}
