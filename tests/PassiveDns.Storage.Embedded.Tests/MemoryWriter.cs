using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>What the test program does when it is started again with <see cref="Variable"/> set: it fills the store named there, merges it and reads all of it.</summary>
internal static class MemoryWriter
{
    public const string Variable = "PDNS_TEST_MEMORY_WRITER";
    public const long MemoryBytes = 32 << 20;
    public const int Rows = 600_000;

    /// <summary>How many rows a batch has, for those who want others than <see cref="RowsOfBatch"/>.</summary>
    public const string RowsVariable = "PDNS_TEST_MEMORY_ROWS";

    private const int RowsOfBatch = 10_000;

    /// <summary>Waits on this thread: until the initializer of <see cref="StartedAgain"/> has ended no other thread can run code of this module.</summary>
    /// <returns>How many rows were read, and octets that were not the garbage collector's at the most, over those at the start.</returns>
    public static string Run(string path)
    {
        long before = NativeOctets(), most = before;
        EmbeddedObservationStore store = EmbeddedObservationStore.Open(path, new() { MemoryBytes = MemoryBytes });
        int rowsOfBatch = int.TryParse(Environment.GetEnvironmentVariable(RowsVariable), CultureInfo.InvariantCulture, out int asked) ? asked : RowsOfBatch;
        for (int batch = 0; batch < Rows / rowsOfBatch; batch++)
        {
            store.WriteAsync(Batch(batch, rowsOfBatch)).AsTask().GetAwaiter().GetResult();
            most = Math.Max(most, NativeOctets());
        }

        store.CompactAsync().AsTask().GetAwaiter().GetResult();
        most = Math.Max(most, NativeOctets());
        long rows = 0;
        IAsyncEnumerator<RecordPage> pages = store.ReadAsync(new(new QueryAnchor.Everything())).GetAsyncEnumerator();
        while (pages.MoveNextAsync().AsTask().GetAwaiter().GetResult()) rows += pages.Current.Rows.Count;
        most = Math.Max(most, NativeOctets());
        pages.DisposeAsync().AsTask().GetAwaiter().GetResult();
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return string.Create(CultureInfo.InvariantCulture, $"{rows} {most - before}");
    }

    /// <summary>What the process has in memory beside the collector's heap: code, stacks, and what libraries take for themselves.</summary>
    private static long NativeOctets() => Environment.WorkingSet - GC.GetGCMemoryInfo().TotalCommittedBytes;

    /// <summary>Rows that no other batch has.</summary>
    internal static ObservationBatch Batch(int number, int count = RowsOfBatch)
    {
        ObservationRows rows = new(64 * count);
        byte[] name = new byte[64], set = new byte[6], history = new byte[SightingCodec.MaxSingleLength];
        set[1] = 4;
        for (int i = 0; i < count; i++)
        {
            long id = ((long)number * count + i) * 2_654_435_761 % 1_000_000_007; // each once, in no order
            int length = 0;
            foreach (string label in new[] { string.Create(CultureInfo.InvariantCulture, $"h{id}"), string.Create(CultureInfo.InvariantCulture, $"d{id % 5_003}"), "example" })
            {
                name[length++] = (byte)label.Length;
                length += Encoding.ASCII.GetBytes(label, name.AsSpan(length));
            }

            name[length++] = 0;
            BinaryPrimitives.WriteUInt32BigEndian(set.AsSpan(2), (uint)(id * 40_503));
            int packed = SightingCodec.Encode(new Sighting(1_700_000_000 + number * 600, 1_700_000_000 + number * 600 + id % 90_000, 1, 300, 300), 1, history);
            rows.Add(new()
            {
                RrName = name.AsSpan(0, length),
                Type = RecordType.A,
                BailiwickLabels = 2,
                Provenance = Provenance.VerifiedTraffic,
                Rdata = new(set),
                History = history.AsSpan(0, packed),
            });
        }

        return new(new(new("memory"), 1, (ulong)number + 1), rows);
    }
}
