using System.Security.Cryptography;
using PassiveDns.Storage.Batches;

namespace PassiveDns.Fuzz;

/// <summary>
/// A file of batches: it makes no difference in which pieces it arrives, what is not a whole file is told, and the batches written again are read again. Each
/// input is also read with the octets of all frames sealed again, so that what stands behind a checksum is reached.
/// </summary>
internal static class BatchFileTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] octets = input.ToArray();
        RunWith(octets);
        if (Seal(octets)) RunWith(octets);
    }

    private static void RunWith(byte[] octets)
    {
        (string whole, List<ObservationBatch> batches, BatchFileReport report) = Read(new MemoryStream(octets));
        (string pieces, _, _) = Read(new PieceStream(octets, octets.Length));
        Promise.Holds(whole == pieces, $"as a whole\n{whole}in pieces\n{pieces}");
        Promise.Holds(report.Faults.All(fault => fault.Offset >= 0 && fault.Offset <= octets.Length), "a fault outside the file");
        Promise.Holds(octets.Length > 0 || report.Errors.Total == 1, "an empty file is no batch file");
        using MemoryStream again = new();
        BatchFileWriter writer = new(again);
        foreach (ObservationBatch batch in batches) writer.Write(batch);
        writer.Complete();
        (_, List<ObservationBatch> back, BatchFileReport second) = Read(new MemoryStream(again.ToArray()));
        Promise.Holds(second.Errors.Total == 0 && back.Count == batches.Count, "batches written again");
        for (int i = 0; i < back.Count; i++)
        {
            Promise.Holds(back[i].Id == batches[i].Id, "id");
            Promise.Same(batches[i].Rows.Packed, back[i].Rows.Packed, "rows");
        }
    }

    private static (string Summary, List<ObservationBatch> Batches, BatchFileReport Report) Read(Stream content)
    {
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        BatchFileReader reader = new(content, 16);
        List<ObservationBatch> batches = [];
        while (reader.ReadAsync().AsTask().GetAwaiter().GetResult() is { } batch)
        {
            batches.Add(batch);
            digest.AppendData(batch.Rows.Packed);
            Promise.Holds(SensorId.IsValid(batch.Id.Sensor.Value) && reader.Note.Length <= byte.MaxValue, "sensor and note");
        }

        Promise.Holds(batches.Count == reader.Report.Batches && batches.Sum(batch => batch.Rows.Count) == reader.Report.Rows, "batches handed out and counted");
        string account = string.Concat(reader.Report.ToAccount().Select(line => $"{line}\n")) + string.Concat(reader.Report.Faults.Select(fault => $"{fault}\n"));
        return (account + Convert.ToHexString(digest.GetHashAndReset()) + "\n", batches, reader.Report);
    }

    /// <summary>Puts the right checksums over the frames that stand one behind the other from the start.</summary>
    private static bool Seal(byte[] octets)
    {
        if (octets.Length < 20 || !BatchFileReader.IsBatchFile(octets) || octets[7] != 1) return false;
        Span<byte> file = octets;
        ulong salt = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(file[8..]);
        Put(file[16..], Checksum(0, file[..16]));
        for (file = file[20..]; file.Length >= 16 && file.StartsWith("PDS"u8);)
        {
            int length = (int)Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(file[4..]), (uint)file.Length - 16);
            Put(file[4..], (uint)length);
            Put(file[8..], Checksum((uint)salt, file.Slice(16, length)));
            Put(file[12..], Checksum((uint)(salt >> 32), file[..12]));
            file = file[(16 + length)..];
        }

        return true;
    }

    private static void Put(Span<byte> destination, uint value) => System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(destination, value);

    private static uint Checksum(uint before, ReadOnlySpan<byte> octets)
    {
        uint crc = ~before;
        foreach (byte octet in octets) crc = System.Numerics.BitOperations.Crc32C(crc, octet);
        return ~crc;
    }
}
