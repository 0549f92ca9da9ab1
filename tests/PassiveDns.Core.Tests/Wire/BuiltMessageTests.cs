using System.Buffers.Binary;
using FsCheck.Xunit;

namespace PassiveDns.Tests;

/// <summary>Random messages, built and read: what was built is read back, and whatever is done to the octets is read or refused.</summary>
public class BuiltMessageTests
{
    private static readonly DnsSection[] s_sections = [DnsSection.Answer, DnsSection.Authority, DnsSection.Additional];

    [Property(Arbitrary = [typeof(Arbitraries)], Replay = "7,3", MaxTest = 1000)]
    public void What_was_built_is_read_back(DomainName question, DomainName[] names, uint timeToLive, bool compress)
    {
        List<(DnsSection Section, DomainName Owner, RecordType Type, byte[] Data)> records = [.. Records(names)];
        byte[] message = Build(question, records, timeToLive & int.MaxValue, compress);
        DnsReader reader = new(message);
        Assert.True(reader.Read());
        Assert.Equal((question, RecordType.MX), (reader.Name.ToDomainName(), reader.Type));
        byte[] data = new byte[RecordData.MaxLength];
        foreach ((DnsSection section, DomainName owner, RecordType type, byte[] written) in records)
        {
            Assert.True(reader.Read());
            Assert.Equal((section, owner, type, timeToLive & int.MaxValue), (reader.Section, reader.Name.ToDomainName(), reader.Type, reader.TimeToLive));
            Assert.Equal(RdataStatus.Valid, RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, type, data, out int length));
            Assert.Equal(written, data[..length]);
        }

        Assert.False(reader.Read());
        Assert.Equal(DnsError.None, reader.Error);
    }

    [Property(Arbitrary = [typeof(Arbitraries)], Replay = "7,5", MaxTest = 1000)]
    public void Whatever_is_done_to_a_message_it_is_read_or_refused_alike_by_reader_and_decoder(DomainName question, DomainName[] names, int seed)
    {
        Random random = new(seed);
        List<byte> octets = [.. Build(question, [.. Records(names)], 300, compress: true)];
        ReadingRoom room = new();
        for (int step = 0; step < 8; step++)
        {
            int at = random.Next(octets.Count), length = random.Next(Math.Min(octets.Count - at, 40));
            switch (random.Next(5))
            {
                case 0:
                    octets[at] = (byte)random.Next(256);
                    break;
                case 1:
                    octets.Insert(at, (byte)random.Next(256));
                    break;
                case 2 when length < octets.Count:
                    octets.RemoveRange(at, length);
                    break;
                case 3:
                    octets.InsertRange(random.Next(octets.Count), octets.GetRange(at, length));
                    break;
                default:
                    octets.Reverse(at, length);
                    break;
            }

            room.ReadTwice([.. octets]);
        }
    }

    private static byte[] Build(DomainName question, List<(DnsSection Section, DomainName Owner, RecordType Type, byte[] Data)> records, uint timeToLive, bool compress)
    {
        DnsWriter writer = new(7, 0x8400, compress);
        writer.Question(question, RecordType.MX);
        foreach ((DnsSection section, DomainName owner, RecordType type, byte[] data) in records) writer.Record(section, owner, type, timeToLive, data);
        return writer.ToArray();
    }

    /// <summary>Records of the names, section by section: names in data that may be compressed and that may not, addresses, and octets of a type that nobody knows.</summary>
    private static IEnumerable<(DnsSection Section, DomainName Owner, RecordType Type, byte[] Data)> Records(DomainName[] names)
    {
        for (int i = 0; i < Math.Min(names.Length, 60); i++)
        {
            byte[] target = names[^(i + 1)].Wire.ToArray();
            byte[] number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, 0x0A000000 + i);
            (RecordType type, byte[] data) = (i % 5) switch
            {
                0 => (RecordType.NS, target),
                1 => (RecordType.MX, [.. number[..2], .. target]),
                2 => (RecordType.SRV, [.. number, .. number[..2], .. target]),
                3 => (RecordType.A, number),
                _ => ((RecordType)65280, target),
            };
            yield return (s_sections[i * s_sections.Length / Math.Min(names.Length, 60)], names[i], type, data);
        }
    }
}
