using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns;

public static partial class RdataText
{
    private const int WindowOctets = 32;

    /// <summary>Types in any order, written as RFC 4034 section 4.1.2 says: windows that hold something, without zero octets at the end.</summary>
    private static bool TryParseTypes(ref TextTokens tokens, ref OctetWriter writer, bool windows)
    {
        Span<byte> bits = stackalloc byte[256 * WindowOctets];
        bits.Clear();
        while (!tokens.IsAtEnd)
        {
            if (!tokens.TryTakeWord(out ReadOnlySpan<byte> word)) return false;
            if (!RecordTypeNames.TryParse(word, out RecordType type) && (windows || !TryParseType(word, out type))) return false;
            if (!windows && (ushort)type > 127) return false; // RFC 2535 section 5.2
            bits[(ushort)type >> 3] |= (byte)(0x80 >> ((ushort)type & 7));
        }

        for (int window = 0; window < 256; window++)
        {
            ReadOnlySpan<byte> map = bits.Slice(window * WindowOctets, WindowOctets).TrimEnd((byte)0);
            if (map.IsEmpty) continue;
            if (windows && !(writer.Add((byte)window) && writer.Add((byte)map.Length))) return false;
            if (!writer.Add(map)) return false;
        }

        return true;
    }

    private static bool TryParsePorts(ref TextTokens tokens, ref OctetWriter writer)
    {
        Span<byte> bits = stackalloc byte[8192];
        bits.Clear();
        while (!tokens.IsAtEnd)
        {
            if (!tokens.TryTakeWord(out ReadOnlySpan<byte> word) || !TryParsePort(word, out ulong port)) return false;
            bits[(int)(port >> 3)] |= (byte)(0x80 >> (int)(port & 7));
        }

        return writer.Add(bits.TrimEnd((byte)0));
    }

    private static bool TryParsePort(ReadOnlySpan<byte> word, out ulong port) =>
        TryParseNumber(word, ushort.MaxValue, out port) || TryParseMnemonic(word, s_services, out port);

    /// <summary>RFC 3123 section 5.</summary>
    private static bool TryParsePrefixes(ref TextTokens tokens, ref OctetWriter writer)
    {
        Span<byte> octets = stackalloc byte[16];
        while (!tokens.IsAtEnd)
        {
            if (!tokens.TryTakeWord(out ReadOnlySpan<byte> word)) return false;
            bool negated = word[0] == '!';
            if (negated) word = word[1..];
            int colon = word.IndexOf((byte)':');
            int slash = word.LastIndexOf((byte)'/');
            if (colon < 0 || slash < colon || !TryParseNumber(word[..colon], 2, out ulong family) || family == 0
                || !AddressText.TryParse(word[(colon + 1)..slash], octets, out int length) || length != (family == 1 ? 4 : 16)
                || !TryParseNumber(word[(slash + 1)..], (ulong)length * 8, out ulong prefix))
            {
                return false;
            }

            ReadOnlySpan<byte> kept = octets[..length].TrimEnd((byte)0);
            if (!writer.AddU16((ushort)family) || !writer.Add((byte)prefix) || !writer.Add((byte)(kept.Length | (negated ? 0x80 : 0)))
                || !writer.Add(kept))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>RFC 9460 section 2.1: parameters in any order, none twice.</summary>
    private static bool TryParseParams(ref TextTokens tokens, ref OctetWriter writer)
    {
        int start = writer.Written;
        while (!tokens.IsAtEnd)
        {
            if (!tokens.TryTakeParam(out ReadOnlySpan<byte> param)) return false;
            int equals = param.IndexOf((byte)'=');
            if (!ServiceParams.TryParseKey(equals < 0 ? param : param[..equals], out ushort key, out bool isGeneric)) return false;
            ReadOnlySpan<byte> value = equals < 0 ? default : param[(equals + 1)..];
            if (value is [(byte)'"', .., (byte)'"']) value = value[1..^1];
            byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Max(value.Length, 1));
            OctetWriter plain = new(rented);
            int at = writer.Written;
            bool parsed = plain.AddUnescaped(value) && writer.AddU16(key) && writer.AddU16(0)
                && TryParseValue(isGeneric ? ServiceParams.ValueKind.Unknown : ServiceParams.Kind(key), plain.Octets, ref writer);
            ArrayPool<byte>.Shared.Return(rented);
            if (!parsed) return false;
            BinaryPrimitives.WriteUInt16BigEndian(writer.Octets[(at + 2)..], (ushort)(writer.Written - at - 4));
            if (!TrySortIn(writer.Octets[start..], at - start, key)) return false;
        }

        return true;
    }

    /// <summary>Moves the last parameter to its place among those before it, which are sorted already.</summary>
    private static bool TrySortIn(Span<byte> all, int last, ushort key)
    {
        int at = 0;
        while (at < last)
        {
            ushort other = BinaryPrimitives.ReadUInt16BigEndian(all[at..]);
            if (other == key) return false;
            if (other > key) break;
            at += 4 + BinaryPrimitives.ReadUInt16BigEndian(all[(at + 2)..]);
        }

        if (at == last) return true;
        all[at..last].Reverse(); // a rotation is three reversals
        all[last..].Reverse();
        all[at..].Reverse();
        return true;
    }

    private static bool TryParseValue(ServiceParams.ValueKind kind, ReadOnlySpan<byte> value, ref OctetWriter writer)
    {
        switch (kind)
        {
            case ServiceParams.ValueKind.Empty:
                return value.IsEmpty;
            case ServiceParams.ValueKind.Number:
                return TryParseNumber(value, ushort.MaxValue, out ulong number) && writer.AddU16((ushort)number);
            case ServiceParams.ValueKind.Base64:
                return !value.IsEmpty && writer.AddBase64(value);
            case ServiceParams.ValueKind.Segments when value.IsEmpty:
                return true;
            case ServiceParams.ValueKind.Protocols or ServiceParams.ValueKind.Segments:
                return TryParseProtocols(value, ref writer);
            case ServiceParams.ValueKind.Unknown or ServiceParams.ValueKind.Text:
                return writer.Add(value);
        }

        int start = writer.Written;
        foreach (Range range in value.Split((byte)','))
        {
            ReadOnlySpan<byte> item = value[range];
            bool parsed = kind switch
            {
                ServiceParams.ValueKind.Keys => ServiceParams.TryParseKey(item, out ushort key) && writer.AddU16(key),
                ServiceParams.ValueKind.Numbers => TryParseNumber(item, ushort.MaxValue, out ulong n) && writer.AddU16((ushort)n),
                ServiceParams.ValueKind.Transports => TryParseTransport(item, ref writer),
                ServiceParams.ValueKind.Addresses4 => TryParseAddress(item, 4, ref writer),
                _ => TryParseAddress(item, 16, ref writer),
            };
            if (!parsed) return false;
        }

        return kind != ServiceParams.ValueKind.Keys || TrySortKeys(writer.Octets[start..]);
    }

    private static bool TryParseTransport(ReadOnlySpan<byte> item, ref OctetWriter writer)
    {
        int start = writer.Written;
        int colon = item.IndexOf((byte)':');
        return colon > 0 && writer.Add(0) && writer.Add(item[..colon]) && writer.SetLength(start)
            && TryParseNumber(item[(colon + 1)..], 100, out ulong share) && writer.Add((byte)share);
    }

    /// <summary>RFC 9460 section 8: rising on the wire, in any order in text.</summary>
    private static bool TrySortKeys(Span<byte> keys)
    {
        Span<ushort> numbers = MemoryMarshal.Cast<byte, ushort>(keys);
        if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(numbers, numbers);
        numbers.Sort();
        for (int i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] == numbers[i - 1]) return false;
        }

        if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(numbers, numbers);
        return true;
    }

    /// <summary>The second stage of escapes (RFC 9460 appendix A.1): commas separate, and a backslash takes the octet after it as it is.</summary>
    private static bool TryParseProtocols(ReadOnlySpan<byte> value, ref OctetWriter writer)
    {
        int start = writer.Written;
        if (!writer.Add(0)) return false;
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == ',')
            {
                if (writer.Written == start + 1 || !writer.SetLength(start)) return false;
                start = writer.Written;
                if (!writer.Add(0)) return false;
                continue;
            }

            if (value[i] == '\\' && ++i == value.Length) return false;
            if (!writer.Add(value[i])) return false;
        }

        return writer.Written > start + 1 && writer.SetLength(start);
    }
}
