using FsCheck.Xunit;

namespace PassiveDns.Capture.Tests;

/// <summary>Damaged files end with a word about it, and what came before counts.</summary>
public class DamageTests
{
    private const uint Seconds = 1_700_000_000;

    private static readonly byte[] s_pcap = Pcap();
    private static readonly byte[] s_pcapng = Pcapng();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_cut_anywhere_yields_what_came_before(bool pcapng)
    {
        byte[] whole = pcapng ? s_pcapng : s_pcap;
        int header = pcapng ? 28 : 24;
        long before = 0;
        for (int length = header; length <= whole.Length; length++)
        {
            using TemporaryFile file = new(whole[..length]);
            CaptureRun run = CaptureRun.Read(file.Path, Decoding.Vantage());
            bool grew = run.Report.Packets > before;
            Assert.True(run.Report.Packets >= before);
            if (grew) Assert.True(pcapng || run.Report.Damage is null, $"cut at {length}");
            if (run.Report.Damage is CaptureDamage damage)
            {
                Assert.Equal("the file ends inside a record", damage.Problem);
                Assert.InRange(damage.Offset, header - 1, length);
            }

            before = run.Report.Packets;
        }

        Assert.Equal(6, before);
    }

    [Fact]
    public void A_packet_longer_than_any_capture_holds_stops_the_file_and_the_next_one_is_read()
    {
        byte[] query = Wire.Query(5, "example.org");
        using TemporaryFile bad = new(new CaptureWriter(false).PcapHeader().PcapPacket(Seconds, 0, query)
            .PcapPacket(Seconds, 0, query, length: 262_145).PcapPacket(Seconds, 0, query).ToArray());
        using TemporaryFile good = new(new CaptureWriter(false).PcapHeader().PcapPacket(Seconds + 1, 0, Wire.Response(5, "example.org")).ToArray());
        CaptureRun run = CaptureRun.Read([bad.Path, good.Path], Decoding.Vantage());
        Assert.Equal(2, run.Report.Packets);
        Assert.Single(run.Observed);
        Assert.Equal(24 + 16 + query.Length, run.Report.Damage!.Offset);
        Assert.Contains("262,145", run.Report.Damage.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(8u)]
    [InlineData(0xFFFFFFFFu)]
    [InlineData(0xFFFFFFFDu)]
    public void A_block_of_an_impossible_length_stops_the_file(uint length)
    {
        byte[] content = new CaptureWriter(false).Section().Interface().Packet(5, Wire.Query(5, "example.org")).Block(5, new byte[8], length).ToArray();
        using TemporaryFile file = new(content);
        CaptureRun run = CaptureRun.Read(file.Path);
        Assert.Equal(1, run.Report.Packets);
        Assert.Contains("length", run.Report.Damage!.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("Zstandard")]
    public void A_cut_packed_file_yields_what_came_before(string packing)
    {
        Random random = new(3);
        CaptureWriter writer = new CaptureWriter(false).PcapHeader();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] noise = new byte[60];
            random.NextBytes(noise);
            writer.PcapPacket(Seconds, 0, [.. Wire.Query(i, "example.org"), .. noise]);
        }

        byte[] packed = packing == "gzip" ? CaptureFileErrorTests.Gzip(writer.ToArray()) : CaptureFileErrorTests.Zstandard(writer.ToArray());
        byte[] noise2 = [.. packed];
        noise2.AsSpan(packed.Length * 3 / 4, 64).Reverse();
        foreach ((byte[] octets, string problem) in new[] { (packed[..(packed.Length * 3 / 4)], "cut off|damaged"), (noise2, "damaged|record|length|claims") })
        {
            using TemporaryFile file = new(octets);
            CaptureRun run = CaptureRun.Read(file.Path, Decoding.Vantage());
            Assert.Matches(problem, run.Report.Damage!.Problem);
            Assert.InRange(run.Report.Packets, 5_000, 20_000); // a sum at the end of the file may be all that tells
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("Zstandard")]
    public void A_packed_file_that_is_cut_between_two_packets_is_damaged_all_the_same(string packing)
    {
        CaptureWriter writer = new CaptureWriter(false).PcapHeader();
        for (int i = 0; i < 10; i++) writer.PcapPacket(Seconds, 0, Wire.Query(i, "example.org"));
        byte[] packed = packing == "gzip" ? CaptureFileErrorTests.Gzip(writer.ToArray()) : CaptureFileErrorTests.Zstandard(writer.ToArray());
        for (int missing = 1; missing < 10; missing++)
        {
            using TemporaryFile file = new(packed[..^missing]);
            try
            {
                Assert.NotNull(CaptureRun.Read(file.Path, Decoding.Vantage()).Report.Damage);
            }
            catch (CaptureFileException e)
            {
                Assert.Contains(packing, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Property(MaxTest = 300, Replay = "(1,3)")]
    public void Random_changes_never_throw_and_lose_nothing_uncounted(int seed)
    {
        Random random = new(seed);
        byte[] octets = [.. random.Next(2) == 0 ? s_pcap : s_pcapng];
        int changes = random.Next(1, 12);
        for (int i = 0; i < changes; i++) octets[random.Next(octets.Length)] = (byte)random.Next(256);
        using TemporaryFile file = new(octets);
        try
        {
            CaptureRun.Read(file.Path, random.Next(2) == 0 ? Decoding.Vantage() : null); // checks the sum laws
        }
        catch (CaptureFileException)
        {
            // a damaged header is told at Open
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Changed_and_cut_packets_of_the_collection_never_throw_and_lose_nothing_uncounted(int seed)
    {
        Random random = new(seed);
        Decoding decoding = new(new() { MaxOutstandingQueries = 50, MaxHeldOctets = 262_144 }); // checks the sum laws after each packet
        foreach (string capture in Directory.EnumerateFiles(Corpus.Committed, "*.pcap", SearchOption.AllDirectories))
        {
            byte[] octets = File.ReadAllBytes(capture);
            if (CaptureFormat.Detect(octets, out int at, out _) is not CaptureFormat format) continue;
            while (at < octets.Length && format.Read(octets.AsSpan(at), out PacketRecord record, out long consumed) == RecordStatus.Packet)
            {
                byte[] packet = octets.AsSpan(at + record.Offset, record.Length).ToArray();
                at += (int)consumed;
                for (int i = random.Next(4); i > 0 && packet.Length > 0; i--) packet[random.Next(Math.Min(packet.Length, 80))] = (byte)random.Next(256);
                if (random.Next(8) == 0) packet = packet[..random.Next(packet.Length + 1)];
                decoding.Now += random.Next(100) == 0 ? random.Next(-90, 90) : 0.001;
                decoding.Add(packet, record.Link, packet.Length + (random.Next(10) == 0 ? 40 : 0));
            }
        }

        decoding.Complete();
        Assert.InRange(decoding.Decoder.Packets, 400, long.MaxValue);
    }

    [Fact]
    public void Every_capture_of_the_collection_keeps_the_sum_laws()
    {
        foreach (string capture in Corpus.Captures())
        {
            try
            {
                CaptureRun.Read(Corpus.CapturePath(capture)); // checks the sum laws
            }
            catch (CaptureFileException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    private static byte[][] Packets() =>
    [
        Wire.Query(5, "example.org"), Wire.Response(5, "example.org"),
        Wire.Ip(Wire.Server6, Wire.Resolver6, 17, new byte[16], 0, more: true),
        Wire.Ip(Wire.Resolver, Wire.Server, 6, Wire.Tcp(4000, 53, 1, [], syn: true)),
        Wire.Ip(Wire.Resolver, Wire.Server, 6, Wire.Tcp(4000, 53, 2, Wire.Framed(Wire.Message(9, "tcp.example", false)))),
        Wire.Response(5, "example.org", answer: 9),
    ];

    private static byte[] Pcap()
    {
        CaptureWriter writer = new CaptureWriter(true).PcapHeader();
        foreach (byte[] packet in Packets()) writer.PcapPacket(Seconds, 0, packet);
        return writer.ToArray();
    }

    private static byte[] Pcapng()
    {
        CaptureWriter writer = new CaptureWriter(false).Section().Interface(resolution: 6);
        foreach (byte[] packet in Packets()) writer.Packet(Seconds * 1_000_000UL, packet);
        return writer.ToArray();
    }
}
