using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace PassiveDns.Tests;

/// <summary>Packed zone files that were cut off.</summary>
public class DamagedZoneInputTests
{
    /// <summary>A line that lost its end still reads as a record, but as one that nobody wrote: 192.0.2.123 becomes 192.0.2.1.</summary>
    [Fact]
    public async Task A_line_that_damage_cut_off_is_no_record()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.NoCompression)) gzip.Write("a 1 A 192.0.2.1\nb 1 A 192.0.2.123\n"u8);
        byte[] octets = packed.ToArray();
        int text = octets.AsSpan().IndexOf("192.0.2.123"u8);
        for (int kept = text; kept < octets.Length; kept++) // the last of them only lack octets of the check sum
        {
            ZoneReader zone = new(PipeReader.Create(new ReadOnlySequence<byte>(octets, 0, kept)), DomainName.Root);
            Assert.True(await zone.ReadAsync(TestContext.Current.CancellationToken));
            Assert.Equal("192.0.2.1", RdataText.Format(zone.Type, zone.Rdata));
            bool isSecond = await zone.ReadAsync(TestContext.Current.CancellationToken);
            if (isSecond) Assert.Equal("192.0.2.123", RdataText.Format(zone.Type, zone.Rdata));
            Assert.True(kept >= text + "192.0.2.123\n".Length || !isSecond, $"a record of {kept - text} octets");
            Assert.False(await zone.ReadAsync(TestContext.Current.CancellationToken));
            Assert.Equal(1, zone.Report.Errors[ZoneError.DamagedCompression]);
            Assert.Equal(1, zone.Report.Errors.Total);
            await zone.DisposeAsync();
        }
    }

    /// <summary>The end of a whole file is told from the middle of a cut one, whatever its length and however many members it has.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(20_000, 1)]
    [InlineData(20_000, 2)]
    public async Task A_whole_file_is_not_damaged(int lines, int members)
    {
        using MemoryStream packed = new();
        for (int member = 0; member < members; member++)
        {
            using GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true);
            for (int i = 0; i < lines; i++) gzip.Write("a 1 A 192.0.2.1\n"u8);
        }

        foreach (bool isStream in (bool[])[false, true])
        {
            packed.Position = 0;
            PipeReader pipe = isStream
                ? PipeReader.Create(packed, new(bufferSize: 7, minimumReadSize: 1, leaveOpen: true))
                : PipeReader.Create(new ReadOnlySequence<byte>(packed.ToArray()));
            ZoneReader zone = new(pipe, DomainName.Root);
            while (await zone.ReadAsync(TestContext.Current.CancellationToken)) Assert.Equal("192.0.2.1", RdataText.Format(zone.Type, zone.Rdata));
            Assert.Equal(lines * members, zone.Report.Entries[ZoneEntryFate.Record]);
            Assert.Empty(zone.Report.Faults);
            await zone.DisposeAsync();
        }
    }
}
