using System.IO.Compression;
using System.Text;

namespace PassiveDns.Capture.Tests;

public class DnstapFileTests
{
    private static readonly string s_corpus = Path.Combine(Corpus.Repository, "tests", "Corpus", "dnstap");

    [Fact]
    public void Files_of_other_programs_are_read()
    {
        VantageOptions declared = new();
        declared.Dnstap.AuthoritativeServers.Add("*");
        DnstapRun compactor = DnstapRun.Read(Path.Combine(s_corpus, "compactor__test.dnstap"), declared);
        Assert.Equal(10, compactor.Report.Packets);
        Assert.Equal(5, compactor.Count("messages", "server-query"));
        Assert.Equal(5, compactor.Observed.Count + compactor.Count("messages", "refused-recursion-desired"));
        DnstapRun dsc = DnstapRun.Read(Path.Combine(s_corpus, "dsc__test.dnstap"), declared);
        Assert.Equal(2, dsc.Count("messages", "refused-tool"));
    }

    [Fact]
    public void Frames_of_another_content_type_are_refused_by_name()
    {
        string path = Path.Combine(s_corpus, "fstrm__test.fstrm");
        string expected = $"{path}: its frames hold 'test:hello' and not dnstap; give a file that a DNS server wrote.";
        Assert.Equal(expected, Assert.Throws<CaptureFileException>(() => DnstapFileSource.Open([path])).Message);
        Assert.Equal(expected, Assert.Throws<CaptureFileException>(() => CaptureFiles.Open([path])).Message);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("00000000", "this is no dnstap file")]
    [InlineData("D4C3B2A1020004000000000000000000", "this is no dnstap file")]
    [InlineData("000000000000002200000002000000010000", "damaged at its start")]
    [InlineData("000000000000000C000000020000000100000009", "damaged at its start")]
    public void What_is_no_dnstap_is_refused_in_one_line(string hex, string problem)
    {
        using TemporaryFile file = new(Convert.FromHexString(hex), ".dnstap");
        string message = Assert.Throws<CaptureFileException>(() => DnstapFileSource.Open([file.Path])).Message;
        Assert.StartsWith(file.Path, message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void The_content_tells_what_a_file_is_also_when_it_is_packed()
    {
        byte[] octets = TapFrames.File(TapFrames.Exchange(7, "www.example.org", zone: "example.org"));
        using TemporaryFile plain = new(octets, ".bin"), packed = new(Gzip(octets), ".gz");
        foreach (string path in (string[])[plain.Path, packed.Path])
        {
            ICaptureSource source = Assert.Single(CaptureFiles.Open([path]));
            Assert.IsType<DnstapFileSource>(source);
            Assert.Single(DnstapRun.Read(source, new()).Observed);
        }
    }

    [Fact]
    public void Several_files_are_one_recording_in_the_order_of_their_times()
    {
        byte[][] first = TapFrames.Exchange(7, "a.example");
        byte[][] later = [.. TapFrames.Exchange(8, "b.example").Select(Later)];
        using TemporaryFile one = new(TapFrames.File([.. first, later[0]])), two = new(TapFrames.File([later[1]]));
        DnstapRun run = DnstapRun.Read([two.Path, one.Path]);
        Assert.Equal(2, run.Observed.Count);
        Assert.Equal(2, run.Count("queries", "answered"));
        Assert.Equal(run.Report.BytesTotal, run.Report.BytesRead);

        static byte[] Later(byte[] frame)
        {
            Tap.Dnstap tap = Tap.Dnstap.Parser.ParseFrom(frame);
            tap.Message.QueryTimeSec += 5;
            tap.Message.ResponseTimeSec += 5;
            return Google.Protobuf.MessageExtensions.ToByteArray(tap);
        }
    }

    [Fact]
    public void Wherever_a_file_is_cut_what_came_before_counts()
    {
        byte[] octets = TapFrames.File([.. TapFrames.Exchange(7, "a.example"), .. TapFrames.Exchange(8, "b.example")]);
        int start = TapFrames.Control(TapFrames.Start, TapFrames.ContentType).Length;
        for (int length = start; length <= octets.Length; length++)
        {
            using TemporaryFile file = new(octets[..length]);
            DnstapRun run = DnstapRun.Read(file.Path);
            long cut = run.Count("packets", "cut");
            if (cut > 0) Assert.Equal("the file ends inside a frame", run.Report.Damage?.Problem);
            else Assert.True(run.Report.Damage is null || length > octets.Length - 12, $"{length}: {run.Report.Damage}");
            Assert.Equal(length == octets.Length ? 2 : run.Observed.Count, run.Observed.Count);
        }
    }

    [Fact]
    public void Damage_is_told_with_its_place_and_a_missing_stop_is_a_remark()
    {
        byte[][] exchange = TapFrames.Exchange(7, "a.example");
        byte[] whole = TapFrames.File(exchange, stops: false);
        using TemporaryFile unstopped = new(whole), tooLong = new([.. whole, 0, 0x20, 0, 0, 1]), control = new([.. whole, .. new byte[8]]);
        Assert.Null(DnstapRun.Read(unstopped.Path).Report.Damage);
        Assert.Contains(DnstapRun.Read(unstopped.Path).Report.Notes, note => note.Contains("without a STOP", StringComparison.Ordinal));
        DnstapRun run = DnstapRun.Read(tooLong.Path);
        Assert.Equal(1, run.Count("packets", "too-long"));
        Assert.Equal((whole.Length, "a frame is longer than Vantage.Dnstap.MaxFrameLength"), (run.Report.Damage!.Offset, run.Report.Damage.Problem));
        Assert.Equal(1, DnstapRun.Read(control.Path).Count("control-frames", "refused"));
        using TemporaryFile packed = new(Gzip(whole)[..^12], ".gz");
        Assert.NotNull(DnstapRun.Read(packed.Path).Report.Damage);
    }

    [Fact]
    public void A_small_batch_takes_it_in_pieces_and_nothing_is_lost()
    {
        List<byte[]> frames = [];
        for (int i = 0; i < 500; i++) frames.AddRange(TapFrames.Exchange(i, "www.example.org"));
        using TemporaryFile file = new(TapFrames.File(frames));
        DnstapRun run = DnstapRun.Read(DnstapFileSource.Open([file.Path]), new(messageCapacity: 7));
        Assert.Equal(500, run.Observed.Count);
        Assert.Equal(Enumerable.Range(0, 500), run.Observed.Select(o => o.Octets[0] << 8 | o.Octets[1]));
    }

    [Fact]
    public void No_address_of_the_resolver_and_no_identity_is_in_what_is_told()
    {
        using TemporaryFile file = new(TapFrames.File(TapFrames.Exchange(7, "www.example.org")));
        DnstapRun run = DnstapRun.Read(file.Path, Decoding.Vantage());
        string told = string.Join('\n', run.Report.Account) + string.Join('\n', run.Report.Notes) + run.Report;
        Assert.DoesNotContain(Wire.Resolver, told, StringComparison.Ordinal);
        Assert.DoesNotContain("ns.example", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Wire.Resolver, Encoding.Latin1.GetString([.. run.Observed.SelectMany(o => o.Octets)]), StringComparison.Ordinal);
    }

    private static byte[] Gzip(byte[] octets)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(octets);
        return packed.ToArray();
    }
}
