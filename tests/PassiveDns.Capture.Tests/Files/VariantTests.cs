using System.Diagnostics;
using System.Globalization;

namespace PassiveDns.Capture.Tests;

/// <summary>
/// The same traffic in other clothes gives the same observations: other file formats, written by Wireshark's tools where they can and by the tests'
/// own writer where they cannot, other link layers, packed, and split into several files.
/// </summary>
public sealed class VariantTests
{
    private const long Microsecond = 1000;

    private static readonly string s_sample = Path.Combine(Corpus.Repository, "samples", "capture", "sample.pcapng");
    private static readonly Lazy<CaptureRun> s_plain = new(() => CaptureRun.Read(s_sample));
    private static readonly Lazy<List<(long Time, byte[] Frame)>> s_frames = new(ReadFrames);

    public static TheoryData<string, int, byte[]> Links => new()
    {
        { "Ethernet", 1, [.. new byte[12]] },
        { "VLAN", 1, [.. new byte[12], 0x81, 0, 0, 7] },
        { "QinQ", 1, [.. new byte[12], 0x88, 0xA8, 0, 7, 0x81, 0, 0, 9] },
        { "VLAN in VLAN, old tag", 1, [.. new byte[12], 0x91, 0, 0, 7, 0x81, 0, 0, 9] },
        { "PPPoE", 1, [.. new byte[12], 0x88, 0x64, 0x11, 0, 0, 1, 0, 0] },
        { "PPPoE in VLAN", 1, [.. new byte[12], 0x81, 0, 0, 7, 0x88, 0x64, 0x11, 0, 0, 1, 0, 0] },
        { "MPLS", 1, [.. new byte[12], 0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64] },
        { "cooked v1", 113, [0, 0, 0, 1, 0, 6, .. new byte[8]] },
        { "cooked v2", 276, [] },
        { "raw IP", 101, [] },
        { "raw IP, as BSD wrote it", 12, [] },
        { "null", 0, [] },
        { "loop", 108, [] },
        { "PPP", 9, [0xFF, 0x03] },
        { "PPP in HDLC", 50, [0xFF, 0x03] },
        { "PPPoE without Ethernet", 51, [0x11, 0, 0, 1, 0, 0] },
        { "Cisco HDLC", 104, [0x0F, 0x00] },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public void Every_link_layer_gives_the_same(string kind, int link, byte[] header)
    {
        foreach (bool big in new[] { false, true })
        {
            CaptureWriter writer = new CaptureWriter(big).PcapHeader(big ? 0xA1B23C4D : 0xA1B2C3D4, link);
            foreach ((long time, byte[] frame) in s_frames.Value)
            {
                (long seconds, long rest) = Math.DivRem(time, 1_000_000_000);
                writer.PcapPacket((uint)seconds, (uint)(big ? rest : rest / Microsecond), Dress(kind, link, header, frame, big));
            }

            using TemporaryFile file = new(writer.ToArray());
            AssertSame(file.Path);
            if (!big) AssertTsharkSees(file.Path, kind);
        }
    }

    [Theory]
    [InlineData("-F", "pcap")]
    [InlineData("-F", "nsecpcap")]
    [InlineData("-F", "pcapng")]
    [InlineData("-F", "modpcap")]
    public void What_editcap_writes_gives_the_same(params string[] options)
    {
        using TemporaryFolder folder = new();
        string written = folder.At("written");
        Run("editcap", [.. options, s_sample, written]);
        AssertSame(written);
        byte[] content = File.ReadAllBytes(written);
        foreach (byte[] packed in new[] { CaptureFileErrorTests.Gzip(content), CaptureFileErrorTests.Zstandard(content) })
        {
            using TemporaryFile file = new(packed);
            AssertSame(file.Path);
        }
    }

    [Fact]
    public void A_capture_split_into_files_of_all_formats_gives_the_same_in_any_order()
    {
        using TemporaryFolder folder = new();
        Run("editcap", ["-c", "250", s_sample, folder.At("part.pcapng")]);
        string[] parts = [.. Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal)];
        Assert.True(parts.Length > 4, "one file only");
        for (int i = 0; i < parts.Length; i++)
        {
            if (i % 3 == 1) Run("editcap", ["-F", "nsecpcap", parts[i], parts[i] + ".pcap"]);
            if (i % 3 == 2) File.WriteAllBytes(parts[i] + ".zst", CaptureFileErrorTests.Zstandard(File.ReadAllBytes(parts[i])));
            if (i % 3 != 0) File.Delete(parts[i]);
        }

        string[] files = Directory.GetFiles(folder.Path);
        Random.Shared.Shuffle(files);
        AssertSame(files);
        Run("mergecap", ["-w", folder.At("merged"), .. files.Where(file => !file.EndsWith(".zst", StringComparison.Ordinal))]);
        CaptureRun merged = CaptureRun.Read(folder.At("merged"));
        Assert.InRange(merged.Report.Packets, 1, s_plain.Value.Report.Packets - 1);
        Assert.Equal(CaptureRun.Read([.. files.Where(file => !file.EndsWith(".zst", StringComparison.Ordinal))]).Observed, merged.Observed, SameResponse);
    }

    [Fact]
    public void A_file_written_by_text2pcap_gives_the_same_messages()
    {
        using TemporaryFolder folder = new();
        using StreamWriter text = new(folder.At("text"));
        foreach ((long time, byte[] frame) in s_frames.Value)
        {
            (long seconds, long rest) = Math.DivRem(time, 1_000_000_000);
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds}.{rest / Microsecond:000000}"));
            for (int at = 0; at < frame.Length; at += 16)
            {
                text.WriteLine($"{at:X6} {string.Join(' ', frame.Skip(at).Take(16).Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)))}");
            }
        }

        text.Close();
        Run("text2pcap", ["-q", "-t", "%s.%f", folder.At("text"), folder.At("written")]);
        AssertSame(folder.At("written"));
    }

    private static List<(long, byte[])> ReadFrames()
    {
        List<(long, byte[])> frames = [];
        using CaptureFile file = CaptureFile.Open(s_sample);
        for (RecordStatus status = RecordStatus.Other; status != RecordStatus.Damaged && !file.IsAtEnd;)
        {
            status = file.Next(out PacketRecord record, out ReadOnlySpan<byte> packet);
            if (status == RecordStatus.Packet)
            {
                Assert.Equal(LinkType.Ethernet, record.Link);
                frames.Add((record.UnixNanoseconds, packet.ToArray()));
            }
            else if (!file.IsAtEnd)
            {
                file.FillAsync(default).AsTask().GetAwaiter().GetResult();
            }
        }

        return frames;
    }

    // The header of another link layer in the place of Ethernet's, and the protocol as that one tells it.
    private static byte[] Dress(string kind, int link, byte[] header, byte[] frame, bool big)
    {
        byte[] type = frame[12..14];
        byte[] packet = frame[14..];
        bool isV4 = type is [0x08, 0x00], isV6 = type is [0x86, 0xDD];
        if (!isV4 && !isV6 && link != 1) return Dress(kind, link, header, [.. frame[..12], 0x08, 0x00, 0x00], big); // ARP has no form of its own there: no IP packet
        byte family = isV4 ? (byte)2 : big ? (byte)10 : (byte)30; // IPv6 as Linux and as macOS number it
        byte[] ppp = isV4 ? [0x00, 0x21] : [0x00, 0x57];
        if (link == 1 && !isV4 && !isV6) return frame;
        return kind switch
        {
            "PPPoE" or "PPPoE in VLAN" or "PPPoE without Ethernet" => [.. header[..^2], (byte)((packet.Length + 2) >> 8), (byte)(packet.Length + 2), .. ppp, .. packet],
            "PPP" or "PPP in HDLC" => [.. header, .. ppp, .. packet],
            "MPLS" => [.. header, .. packet],
            "cooked v2" => [.. type, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, .. new byte[8], .. packet],
            "null" => big ? [0, 0, 0, family, .. packet] : [family, 0, 0, 0, .. packet],
            "loop" => [0, 0, 0, isV4 ? (byte)2 : (byte)24, .. packet],
            "raw IP" or "raw IP, as BSD wrote it" => packet,
            _ => [.. header, .. type, .. packet],
        };
    }

    private static void AssertSame(params string[] files)
    {
        CaptureRun run = CaptureRun.Read(files);
        CaptureRun plain = s_plain.Value;
        Assert.Null(run.Report.Damage);
        Assert.Equal(plain.Report.Packets, run.Report.Packets);
        Assert.NotEmpty(run.Observed);
        Assert.Equal(plain.Observed, run.Observed, SameResponse);
        Assert.Equal(plain.Report.Account.Where(line => line.Stage != "packets"), run.Report.Account.Where(line => line.Stage != "packets"));
    }

    private static bool SameResponse(ObservedResponse one, ObservedResponse other) =>
        one.Server == other.Server && one.UnixNanoseconds / Microsecond == other.UnixNanoseconds / Microsecond && one.Octets.AsSpan().SequenceEqual(other.Octets);

    // An independent reader must see as many DNS messages in what the tests wrote as in the original, or the writer proves nothing.
    private static void AssertTsharkSees(string file, string kind)
    {
        if (kind is "raw IP, as BSD wrote it" || !File.Exists("/usr/bin/tshark")) return;
        Assert.Equal(s_tsharkCount.Value, Count(file));
    }

    private static readonly Lazy<int> s_tsharkCount = new(() => Count(s_sample));

    private static int Count(string file) => Run("tshark", ["-n", "-r", file, "-Y", "dns", "-T", "fields", "-e", "dns.id"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    private static string Run(string program, string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/" + program), program + " is not installed");
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return output;
    }
}
