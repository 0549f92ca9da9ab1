using System.Diagnostics;

namespace PassiveDns.Capture.Tests;

public class CaptureFilesTests
{
    private const uint Seconds = 1_700_000_000;

    [Fact]
    public async Task Files_of_one_kind_are_one_source_whatever_they_are_called()
    {
        byte[] first = new CaptureWriter(false).PcapHeader().PcapPacket(Seconds, 0, Wire.Query(5, "example.org")).ToArray();
        byte[] second = new CaptureWriter(true).Section().Interface().Packet((Seconds * 1_000_000UL) + 1, Wire.Response(5, "example.org")).ToArray();
        using TemporaryFile earlier = new(CaptureFileErrorTests.Zstandard(first), ".txt");
        using TemporaryFile later = new(CaptureFileErrorTests.Gzip(second), ".dnstap");
        ICaptureSource source = Assert.Single(CaptureFiles.Open([later.Path, earlier.Path], Decoding.Vantage()));
        await using (source)
        {
            MessageBatch batch = new();
            while (await source.ReadAsync(batch, TestContext.Current.CancellationToken)) continue;
            Assert.Equal(1, batch.Count);
            Assert.Equal(new FileInfo(earlier.Path).Length + new FileInfo(later.Path).Length, source.GetReport().BytesTotal);
        }
    }

    [Fact]
    public void A_wrong_file_among_several_is_named()
    {
        using TemporaryFile good = new(new CaptureWriter(false).PcapHeader().ToArray());
        using TemporaryFile bad = new([1, 2, 3, 4, 5]);
        Assert.Contains(bad.Path, Assert.Throws<CaptureFileException>(() => CaptureFiles.Open([good.Path, bad.Path])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CaptureFiles.Open([]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipe_is_read_alone_and_refused_among_others(bool packed)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "there is no mkfifo here");
        byte[] content = new CaptureWriter(false).PcapHeader().PcapPacket(Seconds, 0, Wire.Query(5, "example.org")).ToArray();
        string pipe = Path.Combine(Path.GetTempPath(), "passivedns-" + Guid.NewGuid().ToString("N"));
        using (Process make = Process.Start("/usr/bin/mkfifo", pipe)) await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        try
        {
            Task writing = File.WriteAllBytesAsync(pipe, packed ? CaptureFileErrorTests.Zstandard(content) : content, TestContext.Current.CancellationToken);
            CaptureRun run = await Task.Run(() => CaptureRun.Read(pipe, Decoding.Vantage()));
            await writing;
            Assert.Equal(1, run.Report.Packets);
            Assert.Null(run.Report.BytesTotal);

            using TemporaryFile other = new(content);
            writing = File.WriteAllBytesAsync(pipe, content, TestContext.Current.CancellationToken);
            CaptureFileException e = await Assert.ThrowsAsync<CaptureFileException>(() => Task.Run(() => CaptureFiles.Open([other.Path, pipe])));
            Assert.Contains("this is a pipe", e.Message, StringComparison.Ordinal);
            await writing;
        }
        finally
        {
            File.Delete(pipe);
        }
    }
}
