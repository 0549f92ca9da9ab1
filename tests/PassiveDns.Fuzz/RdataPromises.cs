namespace PassiveDns.Fuzz;

/// <summary>What must hold for canonical rdata of any type, wherever it came from.</summary>
internal static class RdataPromises
{
    private const int HeaderLength = 12; // rdata is looked at inside a message, so that a stray pointer would find no name

    private static readonly byte[] s_message = new byte[HeaderLength + RecordData.MaxLength];
    private static readonly byte[] s_again = new byte[RecordData.MaxLength];
    private static readonly byte[] s_parsed = new byte[RecordData.MaxLength];
    private static readonly byte[] s_text = new byte[700_000]; // the widest text has 655,360 octets
    private static readonly byte[] s_textAgain = new byte[700_000];
    private static readonly DomainName s_origin = DomainName.Parse("origin.example");

    public static void Check(RecordType type, ReadOnlySpan<byte> canonical)
    {
        canonical.CopyTo(s_message.AsSpan(HeaderLength));
        RdataStatus status = RecordData.Canonicalize(
            s_message.AsSpan(0, HeaderLength + canonical.Length), HeaderLength, canonical.Length, type, s_again, out int length);
        Promise.Holds(status is RdataStatus.Valid or RdataStatus.Opaque, $"{type}: canonical data is {status}");
        Promise.Same(canonical, s_again.AsSpan(0, length), $"{type} canonical twice");

        Promise.Holds(RdataText.TryFormat(type, canonical, s_text, out int written), $"{type} does not fit");
        ReadOnlySpan<byte> text = s_text.AsSpan(0, written);
        Promise.Holds(text.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0, $"{type} text is not one line of ASCII");
        Promise.Holds(status != RdataStatus.Opaque || text.StartsWith("\\#"u8), $"{type} is opaque and has a text");
        Promise.Holds(RdataText.TryFormat(type, canonical, s_textAgain.AsSpan(0, written), out int exact) && exact == written, $"{type} in exact room");
        Promise.Holds(!RdataText.TryFormat(type, canonical, s_textAgain.AsSpan(0, written - 1), out _), $"{type} in too little room");

        // text is absolute: the origin must make no difference
        Promise.Holds(RdataText.TryParse(type, text, s_parsed, out int parsed, s_origin), $"{type} text is not read back");
        if (parsed < length && MayLoseZeros(type))
        {
            Promise.Holds(RdataText.TryFormat(type, s_parsed.AsSpan(0, parsed), s_textAgain, out written), $"{type} does not fit");
            Promise.Same(text, s_textAgain.AsSpan(0, written), $"{type} text twice");
        }
        else
        {
            Promise.Same(canonical, s_parsed.AsSpan(0, parsed), $"{type} text and back");
        }

        Span<byte> name = stackalloc byte[DomainName.MaxWireLength];
        if (RecordData.TryGetTarget(type, canonical, name, out ReadOnlySpan<byte> target))
        {
            Promise.Holds(DomainName.TryFromWire(target, out DomainName owned), $"{type} target is no name");
            Promise.Same(target, owned.Wire, $"{type} target is not canonical");
        }

        if (RecordData.TryGetAddress(type, canonical, out HostAddress address))
            Promise.Holds(HostAddress.TryParse(address.ToString(), out HostAddress read) && read == address, $"{address} is not read back");
    }

    /// <summary>Text does not say how many zero octets stand at the end of a bitmap's window.</summary>
    private static bool MayLoseZeros(RecordType type) => type is RecordType.NSEC or RecordType.NSEC3 or RecordType.CSYNC or RecordType.NXT;
}
