namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Octets that grow, and are forgotten for the next ones.</summary>
internal sealed class OctetColumn
{
    private byte[] _octets = new byte[4 << 10];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, Length);

    public void Add(ReadOnlySpan<byte> octets)
    {
        Span<byte> room = Reserve(octets.Length);
        octets.CopyTo(room);
        Length += octets.Length;
    }

    public void AddOctet(byte octet)
    {
        if (Length == _octets.Length) Reserve(1);
        _octets[Length++] = octet;
    }

    public void AddVarint(uint value)
    {
        if (value < 0x80) AddOctet((byte)value);
        else Length += TableFormat.WriteVarint(Reserve(5), value);
    }

    public void Clear() => Length = 0;

    private Span<byte> Reserve(int length)
    {
        if (_octets.Length - Length < length) Array.Resize(ref _octets, Math.Max(Length + length, 2 * _octets.Length));
        return _octets.AsSpan(Length);
    }
}
