using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace PassiveDns.Capture.Tests;

public class CaptureFileErrorTests
{
    public static TheoryData<string, byte[], string> Refused() => new()
    {
        { "empty", [], "the file is empty" },
        { "text", "hello, this is no capture at all"u8.ToArray(), "this is no capture file" },
        { "cut header", new CaptureWriter(false).PcapHeader().ToArray()[..20], "the pcap file header is cut off at offset 20" },
        { "version", new CaptureWriter(true).PcapHeader(major: 3).ToArray(), "pcap version 3.4 at offset 4 is not supported" },
        { "link type", new CaptureWriter(true).PcapHeader(link: 105).ToArray(), "link type 105 at offset 20 is not supported" },
        { "cut section", new CaptureWriter(true).Section().ToArray()[..20], "the pcapng section header is cut off at offset 20" },
        { "bad byte order", new CaptureWriter(true).Block(0x0A0D0D0A, new byte[16]).ToArray(), "no byte-order magic" },
        { "cut zstd", [0x28, 0xB5, 0x2F, 0xFD, 4], "the Zstandard data is cut off at its start" },
        { "damaged zstd", [0x28, 0xB5, 0x2F, 0xFD, 4, 0, 7, 0, 0, 0, 0, 0], "the Zstandard data is damaged at its start" },
        { "zstd with a window of 2 GiB", [0x28, 0xB5, 0x2F, 0xFD, 0, 0xA8, 1, 0, 0], "zstd -d --long=31 FILE" },
        { "zstd of nothing", Zstandard([]), "the file is empty" },
        { "xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0, 0], "xz -dk FILE" },
        { "lz4", [0x04, 0x22, 0x4D, 0x18, 0, 0, 0, 0], "lz4 -d FILE" },
        { "bzip2", "BZh91AY"u8.ToArray(), "bzip2 -dk FILE" },
        { "gzip of nothing", Gzip([]), "the file is empty" },
        { "damaged gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "gzip data is damaged" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_file_that_cannot_be_read_is_refused_in_one_line_that_names_it(string kind, byte[] content, string problem)
    {
        using TemporaryFile file = new(content);
        CaptureFileException e = Assert.Throws<CaptureFileException>(() => PcapFileSource.Open([file.Path]));
        Assert.Equal(e.Message, Assert.Throws<CaptureFileException>(() => CaptureFiles.Open([file.Path])).Message);
        Assert.StartsWith(file.Path, e.Message, StringComparison.Ordinal);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.False(string.IsNullOrEmpty(kind));
    }

    [Fact]
    public void A_missing_file_and_a_directory_are_refused_in_one_line()
    {
        string missing = Path.Combine(Path.GetTempPath(), "no-such-capture.pcap");
        Assert.Contains("there is no such file", Refusal(missing), StringComparison.Ordinal);
        Assert.Contains("this is a directory", Refusal(Path.GetTempPath()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_file_among_several_is_told_before_anything_is_read()
    {
        using TemporaryFile good = new(new CaptureWriter(false).PcapHeader().ToArray());
        using TemporaryFile bad = new([1, 2, 3, 4, 5]);
        Assert.Contains(bad.Path, Refusal(good.Path, bad.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_open_is_misuse() => Assert.Throws<ArgumentException>(() => PcapFileSource.Open([]));

    private static string Refusal(params string[] paths) => Assert.Throws<CaptureFileException>(() => PcapFileSource.Open(paths)).Message;

    internal static byte[] Zstandard(byte[] content)
    {
        using MemoryStream packed = new();
        using (CompressionStream zstandard = new(packed))
        {
            // As the zstd program does; without it changed octets of a raw block are just other data.
            zstandard.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            zstandard.Write(content);
        }

        return packed.ToArray();
    }

    internal static byte[] Gzip(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }
}
