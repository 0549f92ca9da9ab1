namespace PassiveDns.Tests;

/// <summary>Does with a message all that the library can do with one, in buffers that are used again. One for each thread.</summary>
internal sealed class ReadingRoom
{
    private readonly byte[] _data = new byte[RecordData.MaxLength];
    private readonly byte[] _text = new byte[700_000]; // the widest text has 655,360 octets
    private readonly ResponseDecoder _decoder = new();

    /// <summary>Reads, makes canonical and prints every record; returns how many were sound, so that nothing is optimised away.</summary>
    public int ReadAll(ReadOnlySpan<byte> message) => ReadAll(message, out _, out _);

    /// <summary>The same, and the decoder must see the same error in the same place.</summary>
    public int ReadTwice(ReadOnlySpan<byte> message)
    {
        int sound = ReadAll(message, out DnsError error, out int offset);
        if (_decoder.Decode(message) != error || _decoder.ErrorOffset != offset) // Assert.Equal costs more than both readers
            Assert.Fail($"{Convert.ToHexString(message)}: reader {error} at {offset}, decoder {_decoder.Error} at {_decoder.ErrorOffset}");
        return sound;
    }

    private int ReadAll(ReadOnlySpan<byte> message, out DnsError error, out int offset)
    {
        Span<byte> name = stackalloc byte[DomainName.MaxWireLength];
        int sound = 0;
        DnsReader reader = new(message);
        while (reader.Read())
        {
            reader.Name.CopyTo(name);
            reader.Name.CopyCanonicalTo(name);
            if (reader.Section == DnsSection.Question) continue;
            RdataStatus status = RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, reader.Type, _data, out int written);
            if (status == RdataStatus.Malformed) continue;
            ReadOnlySpan<byte> canonical = _data.AsSpan(0, written);
            if (!RdataText.TryFormat(reader.Type, canonical, _text, out _)) Assert.Fail($"{Convert.ToHexString(message)}: {reader.Type} is not printed");
            RecordData.TryGetAddress(reader.Type, canonical, out _);
            RecordData.TryGetTarget(reader.Type, canonical, name, out _);
            sound++;
        }

        error = reader.Error;
        offset = reader.ErrorOffset;
        return sound;
    }
}
