using System.Security.Cryptography;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Tests;

/// <summary>Every long set of a batch is handed on under its digest, and every row names the digest of its own set, however often sets come again.</summary>
public sealed class LongSetTests
{
    [Fact]
    public void Rows_name_the_digests_of_their_sets_and_all_sets_are_handed_on()
    {
        Random random = new(3);
        byte[][] sets = [.. Enumerable.Range(0, 3_000).Select(i =>
        {
            byte[] set = new byte[random.Next(2, 130)];
            random.NextBytes(set);
            if (i % 3 == 0 && i > 0) set.AsSpan().Clear(); // alike but for their lengths
            set[0] = 0;
            set[1] = (byte)(set.Length - 2);
            return set;
        })];
        ObservationRows rows = new();
        byte[] history = new byte[SightingCodec.MaxSingleLength];
        history = history[..SightingCodec.Encode(new Sighting(1_700_000_000, 1_700_000_000, 1, 60, 60), 1, history)];
        List<byte[]> written = [];
        for (int i = 0; i < 9_000; i++)
        {
            byte[] set = sets[random.Next(random.Next(2) == 0 ? 10 : sets.Length)];
            written.Add(set);
            rows.Add(new() { RrName = [1, (byte)('a' + i % 26), 0], Type = (RecordType)65_280, BailiwickLabels = 1, Provenance = Provenance.VerifiedTraffic, History = history, Rdata = new(set) });
        }

        Sink sink = new();
        ObservationKeys.WriteBatch(new(new(new("s"), 1, 1), rows), TimeSpan.FromDays(2), sink);
        Assert.Equal(written.Where(set => set.Length > ObservationKeys.MaxInline).Select(Digest), sink.OfRows);
        Assert.Equal(written.Where(set => set.Length > ObservationKeys.MaxInline).Select(Digest).Order().Distinct(), sink.Sets.Keys.Order());
        Assert.All(sink.Sets, set => Assert.Equal(set.Key, Digest(set.Value)));
    }

    private static string Digest(byte[] set) => Convert.ToHexString(SHA256.HashData(set).AsSpan(0, ObservationKeys.DigestLength));

    private sealed class Sink : IKeyedSink
    {
        public List<string> OfRows { get; } = [];

        public Dictionary<string, byte[]> Sets { get; } = [];

        public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history)
        {
            const int Owner = 3 + 4; // a letter and two zeros; type, bailiwick and provenance
            if (keyspace == Keyspace.Rrsets && key[Owner] == 1) OfRows.Add(Convert.ToHexString(key[(Owner + 1)..]));
        }

        public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet) => Sets[Convert.ToHexString(digest)] = packedSet.ToArray();
    }
}
