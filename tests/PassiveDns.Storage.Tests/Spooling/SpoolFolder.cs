using PassiveDns.Storage.Spooling;

namespace PassiveDns.Storage.Tests.Spooling;

/// <summary>A directory for a spool that vanishes after the test.</summary>
internal sealed class SpoolFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("spool").FullName;

    public string[] Segments => [.. Directory.GetFiles(Path, "*.spool").Order(StringComparer.Ordinal)];

    public string[] Damaged => Directory.GetFiles(Path, "*.damaged");

    public BatchSpool Open(long segmentBytes = 4096, long maxBytes = 1 << 20, SpoolFullMode whenFull = SpoolFullMode.Wait) =>
        BatchSpool.Open(new() { Directory = Path, SegmentBytes = segmentBytes, MaxBytes = maxBytes, WhenFull = whenFull });

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>A batch whose content depends on its number.</summary>
    public static ObservationBatch Batch(ulong number, int rows = 3)
    {
        BatchBuilder builder = new("spooled", epoch: 7);
        for (int i = 0; i < rows; i++) builder.Add($"n{number}-{i}.example.com", "TXT", $"\"text {number}\"", (long)number);
        return builder.Build(number);
    }

    /// <summary>Takes out everything that is there.</summary>
    public static List<ulong> Drain(BatchSpool spool)
    {
        List<ulong> numbers = [];
        while (spool.TryRead(out ObservationBatch? batch))
        {
            ObservationBatch expected = Batch(batch.Id.Sequence, batch.Rows.Count);
            Assert.Equal(expected.Id, batch.Id);
            Assert.True(expected.Rows.Packed.SequenceEqual(batch.Rows.Packed));
            numbers.Add(batch.Id.Sequence);
            spool.Acknowledge();
        }

        return numbers;
    }

    public static IEnumerable<ulong> Numbers(int from, int count) => Enumerable.Range(from, count).Select(i => (ulong)i);
}
