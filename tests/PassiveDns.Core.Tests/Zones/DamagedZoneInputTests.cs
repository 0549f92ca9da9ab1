using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;

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
        for (int kept = text; kept < text + "192.0.2.123\n".Length; kept++)
        {
            ZoneReader zone = new(PipeReader.Create(new ReadOnlySequence<byte>(octets, 0, kept)), DomainName.Root);
            Assert.True(await zone.ReadAsync(TestContext.Current.CancellationToken));
            Assert.Equal("192.0.2.1", RdataText.Format(zone.Type, zone.Rdata));
            Assert.False(await zone.ReadAsync(TestContext.Current.CancellationToken), $"{Encoding.ASCII.GetString(octets[..kept])}");
            Assert.Equal(1, zone.Report.Errors[ZoneError.DamagedCompression]);
            Assert.Equal(1, zone.Report.Errors.Total);
            await zone.DisposeAsync();
        }
    }
}
