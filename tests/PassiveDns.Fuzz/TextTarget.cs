using System.Text;

namespace PassiveDns.Fuzz;

/// <summary>
/// Text of people and zone files: as the data of every type, as a name, as an address. What is understood must be canonical, and its own
/// text must mean the same octets.
/// </summary>
internal static class TextTarget
{
    private static readonly RecordType[] s_types = [.. Enum.GetValues<RecordType>().Where(type => !type.IsMeta()), (RecordType)65_280];
    private static readonly byte[] s_data = new byte[RecordData.MaxLength];
    private static readonly byte[] s_exact = new byte[RecordData.MaxLength];
    private static readonly DomainName s_origin = DomainName.Parse("example.com");

    public static void Run(ReadOnlySpan<byte> text)
    {
        foreach (RecordType type in s_types) CheckData(type, text);
        CheckName(Encoding.Latin1.GetString(text));
        CheckName(Encoding.UTF8.GetString(text));
        string ascii = Encoding.Latin1.GetString(text);
        if (HostAddress.TryParse(ascii, out HostAddress address))
            Promise.Holds(HostAddress.TryParse(address.ToString(), out HostAddress read) && read == address, $"{address} is not read back");
        if (RecordTypeNames.TryParse(text, out RecordType named))
        {
            Promise.Holds(RecordTypeNames.TryParse(ascii, out RecordType alike) && alike == named, "a type in octets and in characters");
            Promise.Holds(RecordTypeNames.TryParse(RecordTypeNames.Format(named), out alike) && alike == named, $"{named} is not read back");
        }
    }

    private static void CheckData(RecordType type, ReadOnlySpan<byte> text)
    {
        bool isParsed = RdataText.TryParse(type, text, s_data, out int length, s_origin);
        Promise.Holds(isParsed || length == 0, $"{type}: refused, and a length");
        if (!isParsed) return;
        ReadOnlySpan<byte> data = s_data.AsSpan(0, length);
        RdataPromises.Check(type, data);
        Promise.Holds(RdataText.TryParse(type, text, s_exact.AsSpan(0, length), out int exact, s_origin) && exact == length, $"{type} in exact room");
        Promise.Same(data, s_exact.AsSpan(0, exact), $"{type} in exact room");
        Promise.Holds(length == 0 || !RdataText.TryParse(type, text, s_exact.AsSpan(0, length - 1), out _, s_origin), $"{type} in too little room");
    }

    private static void CheckName(string text)
    {
        if (!DomainName.TryParse(text, out DomainName name)) return;
        Promise.Holds(DomainName.TryFromWire(name.Wire, out DomainName again) && again == name, "the octets of a name are no name");
        string written = name.ToString();
        Promise.Holds(DomainName.TryParse(written, out again), $"{written} is not read back");
        Promise.Same(name.Wire, again.Wire, written);
        Span<byte> key = stackalloc byte[NameKey.MaxLength];
        int keyLength = NameKey.Write(name.Wire, key);
        Span<byte> wire = stackalloc byte[DomainName.MaxWireLength];
        int wireLength = NameKey.Read(key[..keyLength], wire, out int used);
        Promise.Holds(used == keyLength, $"the key of {written} is not read to its end");
        Promise.Same(name.Wire, wire[..wireLength], $"the key of {written}");
    }
}
