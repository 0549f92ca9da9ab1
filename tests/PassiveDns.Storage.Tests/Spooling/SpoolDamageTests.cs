using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PassiveDns.Storage.Spooling;

namespace PassiveDns.Storage.Tests.Spooling;

public sealed class SpoolDamageTests : IDisposable
{
    private readonly SpoolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_cut_off_anywhere_gives_the_whole_records_before_the_cut()
    {
        byte[] whole = await WriteAsync(3);
        int record = (whole.Length - 20) / 3;
        for (int length = 0; length <= whole.Length; length++)
        {
            Put(whole[..length]);
            using BatchSpool spool = _folder.Open();
            int expected = Math.Max(0, (length - 20) / record);
            Assert.Equal(SpoolFolder.Numbers(1, expected), SpoolFolder.Drain(spool));
            SpoolReport report = spool.GetReport();
            Assert.Equal(0, report.DamagedStretches);
            int kept = length < 20 ? 0 : 20 + expected * record;
            Assert.Equal(length - kept, report.TornBytes);
            Assert.Empty(_folder.Segments);
            Assert.Empty(_folder.Damaged);
        }
    }

    [Fact]
    public async Task An_octet_changed_anywhere_costs_one_record_and_is_told_with_its_offset()
    {
        byte[] whole = await WriteAsync(4);
        int record = (whole.Length - 20) / 4;
        for (int at = 20; at < whole.Length - record; at++) // the last record is looked at below: there it cannot be told from a cut-off write
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << at % 8);
            Put(damaged);
            int hit = (at - 20) / record;
            using (BatchSpool spool = _folder.Open())
            {
                Assert.Equal(SpoolFolder.Numbers(1, 4).Where(n => n != (ulong)hit + 1), SpoolFolder.Drain(spool));
                SpoolDamage damage = Assert.Single(spool.GetReport().Damage);
                Assert.Equal((20 + hit * record, record), (damage.Offset, damage.Octets));
                Assert.Equal((1, 0), (spool.GetReport().DamagedStretches, spool.GetReport().TornBytes));
            }

            string kept = Assert.Single(_folder.Damaged); // for people to look at
            Assert.Equal(damaged, await File.ReadAllBytesAsync(kept, TestContext.Current.CancellationToken));
            File.Delete(kept);
        }
    }

    [Fact]
    public async Task A_damaged_start_costs_the_file_and_no_other()
    {
        byte[] whole = await WriteAsync(4);
        whole[3] ^= 1;
        Put(whole);
        using (BatchSpool spool = _folder.Open()) await spool.AppendAsync(SpoolFolder.Batch(9));
        using BatchSpool again = _folder.Open();
        Assert.Equal([9UL], SpoolFolder.Drain(again));
        Assert.Equal(whole, await File.ReadAllBytesAsync(Assert.Single(_folder.Damaged), TestContext.Current.CancellationToken));
    }

    /// <summary>Somebody answers with data that looks like a record of a spool, and the disk is damaged at the right place.</summary>
    [Fact]
    public async Task A_record_inside_the_data_of_a_record_is_not_believed()
    {
        byte[] forged = (await WriteAsync(1))[20..];
        using (BatchSpool spool = _folder.Open())
        {
            await spool.AppendAsync(new BatchBuilder("spooled", 7).Add("evil.example.com", "TYPE65280", [forged]).Build(1));
            await spool.AppendAsync(SpoolFolder.Batch(2));
        }

        string path = Assert.Single(_folder.Segments);
        byte[] file = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Assert.True(file.AsSpan(36).IndexOf(forged) > 0);
        file[24] ^= 1; // the length of the first record
        await File.WriteAllBytesAsync(path, file, TestContext.Current.CancellationToken);
        using BatchSpool damaged = _folder.Open();
        Assert.Equal([2UL], SpoolFolder.Drain(damaged));
    }

    [Property(MaxTest = 300, Replay = "(42,43)")]
    public Property Whatever_stands_in_a_file_is_read_without_a_failure(byte[] octets, byte[] other, bool startsWell)
    {
        byte[] start = [.. "PDNSSPL"u8, 1, 0, 0, 0, 0, 0, 0, 0, 5];
        byte[] file = startsWell ? [.. start, .. Checksum(start), .. octets, .. "PDSB"u8, .. other] : octets;
        Put(file);
        using BatchSpool spool = _folder.Open();
        SpoolReport report = spool.GetReport();
        foreach (string kept in _folder.Damaged) File.Delete(kept);
        return (SpoolFolder.Drain(spool).Count == 0 && (file.Length == 0 || report.TornBytes > 0 || report.DamagedStretches > 0)).ToProperty();
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_left_alone()
    {
        byte[] whole = await WriteAsync(1);
        whole[7] = 2;
        Checksum(whole.AsSpan(0, 16)).CopyTo(whole, 16);
        Put(whole);
        IOException refusal = Assert.Throws<IOException>(() => _folder.Open());
        Assert.Contains("newer version", refusal.Message);
        Assert.Equal(whole, await File.ReadAllBytesAsync(Assert.Single(_folder.Segments), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Batches_that_vanish_while_the_spool_is_open_are_counted_as_lost()
    {
        using BatchSpool spool = _folder.Open(segmentBytes: 1 << 20);
        foreach (ulong number in SpoolFolder.Numbers(1, 5)) await spool.AppendAsync(SpoolFolder.Batch(number));
        string path = Assert.Single(_folder.Segments);
        int record = (int)(new FileInfo(path).Length - 20) / 5;
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 20 + 2 * record + 30;
            file.Write("damage"u8);
        }

        Assert.Equal([1UL, 2, 4, 5], SpoolFolder.Drain(spool));
        await spool.AppendAsync(SpoolFolder.Batch(6));
        Assert.Equal([6UL], SpoolFolder.Drain(spool));
        SpoolReport report = spool.GetReport();
        Assert.Equal((1, 3, 0, 1), (report.LostBatches, report.LostRows, report.PendingBatches, report.DamagedStretches));
    }

    private static byte[] Checksum(ReadOnlySpan<byte> octets)
    {
        byte[] checksum = new byte[4];
        uint crc = ~0U;
        foreach (byte octet in octets) // CRC-32C bit by bit, as RFC 3720 appendix B.4 has it
        {
            crc ^= octet;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F6_3B78 : 0);
        }

        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(checksum, ~crc);
        return checksum;
    }

    /// <summary>One segment file with batches 1 to <paramref name="count"/>, all of the same length.</summary>
    private async Task<byte[]> WriteAsync(int count)
    {
        using (BatchSpool spool = _folder.Open(segmentBytes: 1 << 20))
        {
            foreach (ulong number in SpoolFolder.Numbers(1, count)) await spool.AppendAsync(SpoolFolder.Batch(number));
        }

        string path = Assert.Single(_folder.Segments);
        byte[] whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        File.Delete(path);
        return whole;
    }

    private void Put(byte[] file) => File.WriteAllBytes(Path.Combine(_folder.Path, "0000000000000000001.spool"), file);
}
