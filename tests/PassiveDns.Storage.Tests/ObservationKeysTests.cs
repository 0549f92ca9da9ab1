using FsCheck.Xunit;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Tests;

public sealed class ObservationKeysTests
{
    // www.example.com in name keys: com 00 example 00 www 00 00
    private const string Www = "636F6D00" + "6578616D706C6500" + "77777700" + "00";

    private static List<(Keyspace Space, string Key)> Write(BatchBuilder rows, out Dictionary<string, string> sets)
    {
        Sink sink = new();
        ObservationKeys.WriteBatch(rows.Build(1), SightingHistory.DefaultIntervalGap, sink);
        sets = sink.Sets;
        return sink.Entries;
    }

    /// <summary>The layout is public and on disks: these octets were put together by hand from its description.</summary>
    [Fact]
    public void Keys_are_laid_out_as_described()
    {
        Assert.Equal(
            [
                (Keyspace.Rrsets, Www + "0001" + "02" + "01" + "00" + "0004C0000201" + "0004C0000202"),
                (Keyspace.Addresses, "04" + "C0000201" + Www + "0001" + "02" + "01"),
                (Keyspace.Addresses, "04" + "C0000202" + Www + "0001" + "02" + "01"),
            ],
            Write(new BatchBuilder().Add("www.example.com", "A", "192.0.2.1|192.0.2.2"), out _));
        Assert.Equal(
            [
                (Keyspace.Rrsets, Www + "000F" + "01" + "05" + "00" + "0006" + "000A" + "026E7300"),
                (Keyspace.Targets, "6E730000" + "000F" + Www + "01" + "05" + "00" + "0006" + "000A" + "026E7300"),
            ],
            Write(new BatchBuilder().Add("www.example.com", "MX", "10 ns.", bailiwick: "com", provenance: Provenance.ZoneFile), out _));
    }

    [Fact]
    public void Other_rdata_is_escaped_so_that_searches_are_ranges()
    {
        List<(Keyspace Space, string Key)> entries = Write(new BatchBuilder().Add("www.example.com", "TYPE65280", [[0, 1, 2, 255]]), out _);
        Assert.Equal((Keyspace.Rdata, "FF00" + "0101" + "0102" + "02FF" + "00" + "00" + Www + "02" + "01"), entries[1]);
    }

    [Fact]
    public void Long_sets_are_kept_once_under_their_digest()
    {
        byte[] rdata = [.. Enumerable.Repeat((byte)0x41, 80)];
        List<(Keyspace Space, string Key)> entries = Write(new BatchBuilder().Add("www.example.com", "TYPE65280", [rdata]), out Dictionary<string, string> sets);
        string packed = "0050" + Convert.ToHexString(rdata);
        // sha256 of 00 50 and eighty times 41, by sha256sum, cut to 16 octets
        const string Digest = "BC0584C26AF2CE189BF1001BD6C093A1";
        Assert.Equal(packed, Assert.Single(sets, set => set.Key == Digest).Value);
        Assert.Equal((Keyspace.Rrsets, Www + "FF00" + "02" + "01" + "01" + Digest), entries[0]);
        Assert.Equal((Keyspace.Rdata, "FF00" + Convert.ToHexString(rdata[..64]) + "00" + "01" + Digest + Www + "02" + "01"), entries[1]);
    }

    [Property(Replay = "(42,43)")]
    public void A_key_read_back_gives_the_row(byte[] label, byte[] rdata, ushort type, byte provenance)
    {
        label = [.. label.Take(63).Select(octet => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)'_' : octet)];
        byte[] wire = label.Length == 0 ? [0] : [(byte)label.Length, .. label, 0];
        ObservationRow row = new()
        {
            RrName = wire,
            Type = (RecordType)type,
            BailiwickLabels = (byte)(label.Length & 1),
            Provenance = (Provenance)(1 + provenance % 6),
            Rdata = new(BatchBuilder.Pack(rdata)),
            History = SightingCodec.Encode(new SightingHistory { Intervals = [new(1, 2, 3)] }),
        };
        ObservationRows rows = new();
        rows.Add(row);
        Sink sink = new();
        ObservationKeys.WriteBatch(new(new(new("s1"), 1, 1), rows), SightingHistory.DefaultIntervalGap, sink);
        foreach ((Keyspace space, string hex) in sink.Entries)
        {
            byte[] key = Convert.FromHexString(hex);
            Assert.True(RowKey.TryRead(space, key, new byte[RowKey.ScratchLength], out RowKey read));
            Assert.Equal(wire, read.RrName.ToArray());
            Assert.Equal((row.Type, row.BailiwickLabels, row.Provenance), (read.Type, read.BailiwickLabels, read.Provenance));
            string set = read.Digest.IsEmpty ? Convert.ToHexString(read.PackedSet) : sink.Sets[Convert.ToHexString(read.Digest)];
            Assert.Equal(Convert.ToHexString(row.Rdata.Packed), set);
            for (int length = 0; length < key.Length; length++) RowKey.TryRead(space, key.AsSpan(0, length), new byte[RowKey.ScratchLength], out _); // damage never throws
        }
    }

    [Property(Replay = "(44,45)")]
    public void The_end_of_a_prefix_is_above_all_that_start_with_it_and_nothing_else(byte[] prefix, byte[] other)
    {
        byte[]? after = KeyRange.AfterPrefix(prefix);
        bool isBelow = after is null || other.AsSpan().SequenceCompareTo(after) < 0;
        bool isAbove = other.AsSpan().SequenceCompareTo(prefix) >= 0;
        Assert.Equal(other.AsSpan().StartsWith(prefix), isBelow && isAbove);
        byte[] inside = [.. prefix, .. other];
        Assert.True(KeyRange.OfPrefix(Keyspace.Rrsets, prefix).EndsAfter(inside));
    }

    private sealed class Sink : IKeyedSink
    {
        public List<(Keyspace Space, string Key)> Entries { get; } = [];

        public Dictionary<string, string> Sets { get; } = [];

        public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history) => Entries.Add((keyspace, Convert.ToHexString(key)));

        public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet) => Sets[Convert.ToHexString(digest)] = Convert.ToHexString(packedSet);
    }
}
