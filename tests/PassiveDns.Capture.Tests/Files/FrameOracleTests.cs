using System.Globalization;

namespace PassiveDns.Capture.Tests;

/// <summary>Number and times of the packets of every format file against tshark's frame list.</summary>
public class FrameOracleTests
{
    // libpcap refuses pcap 2.5 as we do; tshark reads it.
    private static readonly string[] s_refusedByUsAlone = ["format/libpcap__pcap-invalid-version-2.pcap"];

    public static TheoryData<string> CapturesWithFrames() => [.. Corpus.Captures().Where(name => Corpus.FramesPath(name) is not null)];

    [Theory]
    [MemberData(nameof(CapturesWithFrames))]
    public async Task Every_packet_and_its_time_is_the_oracles(string capture)
    {
        string[] lines = File.ReadAllLines(Corpus.FramesPath(capture)!);
        List<(long? Time, int Captured, int Link)> expected = [.. lines
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Where(f => f.Length > 5 && f[5].Length > 0 && f[5] != "0") // blocks that are no packets have no encapsulation
            .Select(f => (f[1].Length == 0 ? (long?)null : Nanoseconds(f[1]), int.Parse(f[2]), int.Parse(f[5])))];
        bool refused = lines.Any(line => line.StartsWith("# tshark:", StringComparison.Ordinal)) && expected.Count == 0;
        List<(long? Time, int Captured)> found = [];
        CaptureFile file;
        try
        {
            file = CaptureFile.Open(Corpus.CapturePath(capture));
        }
        catch (CaptureFileException e)
        {
            bool compressed = e.Message.Contains("compressed with", StringComparison.Ordinal);
            Assert.True(refused || compressed || s_refusedByUsAlone.Contains(capture), e.Message);
            return;
        }

        using (file)
        {
            while (!file.IsAtEnd && file.Damage is null)
            {
                if (Take(file, found) == RecordStatus.NeedMore && !file.IsAtEnd) await file.FillAsync(TestContext.Current.CancellationToken);
            }

            Assert.Equal(refused, file.Damage is not null);
        }

        Assert.Equal(expected.Select(e => (e.Time, e.Captured)), found);
    }

    private static RecordStatus Take(CaptureFile file, List<(long? Time, int Captured)> found)
    {
        RecordStatus status = file.Next(out PacketRecord record, out ReadOnlySpan<byte> packet);
        if (status == RecordStatus.Packet) found.Add((record.HasTime ? record.UnixNanoseconds : null, packet.Length));
        return status;
    }

    private static long Nanoseconds(string text)
    {
        decimal seconds = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return (long)(seconds * 1_000_000_000m);
    }
}
