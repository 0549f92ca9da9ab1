using PassiveDns.Storage.Batches;

namespace PassiveDns.Storage.Tests.Batches;

public sealed class BatchFileTests
{
    private static ObservationBatch Batch(ulong sequence, int rows = 5)
    {
        BatchBuilder builder = new();
        for (int i = 0; i < rows; i++) builder.Add($"h{i}.example.com", "A", $"192.0.2.{i}", (long)sequence * 1_000_000, (long)sequence * 1_000_000 + 5, 3);
        return builder.Build(sequence);
    }

    private static byte[] Write(int batches, bool isComplete = true)
    {
        using MemoryStream file = new();
        BatchFileWriter writer = new(file);
        for (int i = 1; i <= batches; i++) writer.Write(Batch((ulong)i), $"note {i}");
        if (isComplete) writer.Complete();
        return file.ToArray();
    }

    private static async Task<(List<ObservationBatch> Batches, BatchFileReport Report)> ReadAsync(byte[] octets)
    {
        using MemoryStream file = new(octets);
        BatchFileReader reader = new(file);
        List<ObservationBatch> batches = [];
        while (await reader.ReadAsync() is { } batch) batches.Add(batch);
        Assert.Equal(batches.Count, reader.Report.Batches);
        Assert.Equal(batches.Sum(batch => batch.Rows.Count), reader.Report.Rows);
        return (batches, reader.Report);
    }

    [Fact]
    public async Task Batches_come_back_as_they_were()
    {
        byte[] octets = Write(4);
        (List<ObservationBatch> batches, BatchFileReport report) = await ReadAsync(octets);
        Assert.Equal(0, report.Errors.Total);
        Assert.Equal(Enumerable.Range(1, 4).Select(i => Batch((ulong)i).Id), batches.Select(batch => batch.Id));
        Assert.Equal(Enumerable.Range(1, 4).Select(i => Convert.ToHexString(Batch((ulong)i).Rows.Packed)), batches.Select(batch => Convert.ToHexString(batch.Rows.Packed)));
        Assert.True(BatchFileReader.IsBatchFile(octets));
        (batches, report) = await ReadAsync([.. octets, .. Write(2)]); // files that were joined
        Assert.Equal((6, 0L), (batches.Count, report.Errors.Total));
    }

    [Fact]
    public async Task A_writer_goes_on_where_another_one_stopped()
    {
        using MemoryStream file = new();
        BatchFileWriter first = new(file);
        first.Write(Batch(1));
        BatchFileWriter second = new(file, first.Position);
        second.Write(Batch(2));
        second.Complete();
        (List<ObservationBatch> batches, BatchFileReport report) = await ReadAsync(file.ToArray());
        Assert.Equal((2, 0L), (batches.Count, report.Errors.Total));
    }

    /// <summary>At whatever octet it ends: the batches that are whole, and word of the rest.</summary>
    [Fact]
    public async Task A_file_cut_anywhere_gives_its_whole_batches_and_says_that_it_was_cut()
    {
        byte[] octets = Write(3);
        for (int length = 0; length < octets.Length; length++)
        {
            (List<ObservationBatch> batches, BatchFileReport report) = await ReadAsync(octets[..length]);
            Assert.True(report.Errors.Total == 1, $"{length}: {string.Join(", ", report.Faults)}");
            Assert.Equal(length < 20 ? BatchFileError.NotABatchFile : BatchFileError.CutOff, Assert.Single(report.Faults).Error);
            for (int i = 0; i < batches.Count; i++) Assert.Equal(Batch((ulong)i + 1).Id, batches[i].Id);
        }
    }

    [Fact]
    public async Task A_flipped_bit_costs_one_batch_at_most_and_is_told()
    {
        byte[] octets = Write(3);
        for (int bit = 0; bit < 8 * octets.Length; bit += 3)
        {
            byte[] flipped = [.. octets];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            (List<ObservationBatch> batches, BatchFileReport report) = await ReadAsync(flipped);
            Assert.True(report.Errors.Total > 0, $"bit {bit} was not noticed");
            Assert.True(batches.Count >= (bit < 160 ? 0 : 2), $"bit {bit} cost {3 - batches.Count} batches: {string.Join(", ", report.Faults)}");
        }
    }

    [Fact]
    public async Task A_newer_version_and_wrong_totals_are_told()
    {
        byte[] octets = Write(1);
        octets[7] = 2;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(16), Crc(octets.AsSpan(0, 16)));
        Assert.Equal(BatchFileError.NewerVersion, Assert.Single((await ReadAsync(octets)).Report.Faults).Error);

        using MemoryStream file = new();
        BatchFileWriter writer = new(file);
        writer.Write(Batch(1));
        new BatchFileWriter(file, writer.Position with { Batches = 2 }).Complete();
        Assert.Equal(BatchFileError.WrongTotals, Assert.Single((await ReadAsync(file.ToArray())).Report.Faults).Error);
    }

    /// <summary>CRC-32C as RFC 3720, appendix B.4, has it, bit by bit.</summary>
    private static uint Crc(ReadOnlySpan<byte> octets)
    {
        uint crc = uint.MaxValue;
        foreach (byte octet in octets)
        {
            crc ^= octet;
            for (int i = 0; i < 8; i++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
        }

        return ~crc;
    }
}
