using System.Buffers;
using System.Buffers.Text;

namespace PassiveDns;

/// <summary>Writes ASCII text into a span. Once the span is full it only notes that, so callers need not look at each step.</summary>
internal ref struct AsciiWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>The octets written.</summary>
    public int Written { get; private set; }

    /// <summary>Whether the span was too short; what was written is then of no use.</summary>
    public bool IsOverrun { get; private set; }

    private readonly Span<byte> Rest => _destination[Written..];

    /// <summary>Starts again at the first octet.</summary>
    public void Rewind()
    {
        Written = 0;
        IsOverrun = false;
    }

    /// <summary>Writes the blank between two fields, except before the first.</summary>
    public void Separate()
    {
        if (Written > 0) Add((byte)' ');
    }

    public void Add(byte b)
    {
        if (Written < _destination.Length) _destination[Written++] = b;
        else IsOverrun = true;
    }

    public void Add(scoped ReadOnlySpan<byte> text) => Advance(text.TryCopyTo(Rest), text.Length);

    public void AddNumber(ulong value) => Advance(Utf8Formatter.TryFormat(value, Rest, out int length), length);

    /// <summary>A number of exactly so many digits, zeros in front.</summary>
    public void AddDigits(uint value, byte digits) => Advance(Utf8Formatter.TryFormat(value, Rest, out int length, new('D', digits)), length);

    public void AddHex(scoped ReadOnlySpan<byte> octets) => Advance(Convert.TryToHexString(octets, Rest, out int length), length);

    public void AddLowerHex(scoped ReadOnlySpan<byte> octets) => Advance(Convert.TryToHexStringLower(octets, Rest, out int length), length);

    public void AddBase64(scoped ReadOnlySpan<byte> octets) =>
        Advance(Base64.EncodeToUtf8(octets, Rest, out _, out int length) == OperationStatus.Done, length);

    /// <summary>Base32 with the extended hex alphabet, upper case, without padding (RFC 4648 section 7, RFC 5155 section 3.3).</summary>
    public void AddBase32Hex(scoped ReadOnlySpan<byte> octets)
    {
        int bits = 0;
        int held = 0;
        foreach (byte octet in octets)
        {
            bits = (bits << 8 | octet) & 0xFFFF;
            for (held += 8; held >= 5; held -= 5) Add("0123456789ABCDEFGHIJKLMNOPQRSTUV"u8[bits >> (held - 5) & 31]);
        }

        if (held > 0) Add("0123456789ABCDEFGHIJKLMNOPQRSTUV"u8[bits << (5 - held) & 31]);
    }

    public void AddName(scoped ReadOnlySpan<byte> wire)
    {
        int length = NameText.Format(wire, Rest);
        Advance(length >= 0, length);
    }

    public void AddAddress(scoped ReadOnlySpan<byte> octets)
    {
        Span<byte> text = stackalloc byte[AddressText.MaxLength];
        Add(text[..AddressText.Format(octets, text)]);
    }

    public void AddType(ushort type) => Advance(RecordTypeNames.TryFormat((RecordType)type, Rest, out int length), length);

    /// <summary>A character-string in quotes (RFC 1035 section 5.1).</summary>
    public void AddQuoted(scoped ReadOnlySpan<byte> octets)
    {
        Add((byte)'"');
        AddEscaped(octets);
        Add((byte)'"');
    }

    /// <summary>The inside of a quoted character-string.</summary>
    public void AddEscaped(scoped ReadOnlySpan<byte> octets)
    {
        foreach (byte b in octets)
        {
            if (b is < 0x20 or > 0x7E)
            {
                Add((byte)'\\');
                AddDigits(b, 3);
                continue;
            }

            if (b is (byte)'"' or (byte)'\\') Add((byte)'\\');
            Add(b);
        }
    }

    private void Advance(bool fits, int length)
    {
        if (fits) Written += length;
        else IsOverrun = true;
    }
}
