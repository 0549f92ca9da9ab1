namespace PassiveDns.Capture.Tests;

public class FormatTests
{
    private const uint Seconds = 1_700_000_000;
    private const long Nanoseconds = (Seconds * 1_000_000_000L) + 123_456_000;

    private static readonly byte[] s_query = Wire.Query(5, "example.org");
    private static readonly byte[] s_response = Wire.Response(5, "example.org");

    public static TheoryData<string, byte[]> Pcaps()
    {
        TheoryData<string, byte[]> data = [];
        foreach (bool big in new[] { false, true })
        {
            data.Add($"us {big}", Pair(new CaptureWriter(big).PcapHeader(), 123_456, 0));
            data.Add($"ns {big}", Pair(new CaptureWriter(big).PcapHeader(0xA1B23C4D), 123_456_000, 0));
            data.Add($"Kuznetsov {big}", Pair(new CaptureWriter(big).PcapHeader(0xA1B2CD34), 123_456, 8));
            data.Add($"frame check sequence {big}", Pair(new CaptureWriter(big).PcapHeader(link: 101 | 0x44000000), 123_456, 0));
        }

        return data;
    }

    public static TheoryData<string, byte[]> Pcapngs()
    {
        TheoryData<string, byte[]> data = [];
        ulong micros = (Seconds * 1_000_000UL) + 123_456;
        foreach (bool big in new[] { false, true })
        {
            data.Add($"plain {big}", Ng(big).Interface().Packet(micros, s_query).Packet(micros, s_response).ToArray());
            data.Add($"ns {big}", Ng(big).Interface(resolution: 9).Packet(micros * 1000, s_query).Packet(micros * 1000, s_response).ToArray());
            data.Add($"offset {big}", Ng(big).Interface(offset: Seconds).Packet(123_456, s_query).Packet(123_456, s_response).ToArray());
            data.Add($"picoseconds {big}",
                Ng(big).Interface(resolution: 12, offset: Seconds).Packet(123_456_000_000, s_query).Packet(123_456_000_000, s_response).ToArray());
            data.Add($"no end of options {big}",
                Ng(big).Interface(resolution: 6, endOfOptions: false).Packet(micros, s_query).Packet(micros, s_response).ToArray());
            data.Add($"obsolete {big}", Ng(big).Interface().ObsoletePacket(micros, s_query).ObsoletePacket(micros, s_response).ToArray());
            data.Add($"blocks to skip {big}",
                Ng(big).Block(4, new byte[8]).Interface().Block(0xBAD, new byte[20]).Packet(micros, s_query).Block(0x0A, new byte[400])
                .Packet(micros, s_response).Block(7, new byte[12]).ToArray());
            data.Add($"unequal lengths {big}",
                Ng(big).Interface().Block(9, new byte[8], trailer: 99).Packet(micros, s_query).Packet(micros, s_response).ToArray());
            data.Add($"two sections of different byte order {big}",
                [.. Ng(big).Interface(link: 1).Interface().Packet(micros, s_query, 1).ToArray(), .. Ng(!big).Interface().Packet(micros, s_response).ToArray()]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pcaps))]
    [MemberData(nameof(Pcapngs))]
    public void Every_variant_yields_the_same(string variant, byte[] content)
    {
        (byte[] first, byte[] second) = (content[..(content.Length / 2)], content[(content.Length / 2)..]);
        byte[][] packings =
        [
            content,
            CaptureFileErrorTests.Gzip(content),
            [.. CaptureFileErrorTests.Gzip(first), .. CaptureFileErrorTests.Gzip(second)],
            CaptureFileErrorTests.Zstandard(content),
            [.. CaptureFileErrorTests.Zstandard(first), .. CaptureFileErrorTests.Zstandard(second)],
            [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3, .. CaptureFileErrorTests.Zstandard(content)], // a skippable frame in front, as pzstd writes it
        ];
        foreach (byte[] octets in packings)
        {
            using TemporaryFile file = new(octets);
            CaptureRun run = CaptureRun.Read(file.Path, Decoding.Vantage());
            Assert.False(string.IsNullOrEmpty(variant));
            Assert.Null(run.Report.Damage);
            Assert.Equal(2, run.Messages.Count);
            ObservedResponse observed = Assert.Single(run.Observed);
            Assert.Equal(s_response[28..], observed.Octets);
            Assert.Equal(Nanoseconds, observed.UnixNanoseconds);
            Assert.Equal(Wire.Server, observed.Server.ToString());
            Assert.Equal(octets.Length, run.Report.BytesTotal);
            Assert.Equal(octets.Length, run.Report.BytesRead);
        }
    }

    [Theory]
    [InlineData(10, 1024UL, 1_000_000_000)] // 2^-10 seconds
    [InlineData(63, 1UL << 62, 500_000_000)]
    [InlineData(0, 3UL, 3_000_000_000)]
    public void A_resolution_may_be_a_power_of_two(byte exponent, ulong stamp, long expected)
    {
        PcapngInterface source = new(LinkType.Raw, 0, (byte)(exponent | 0x80), 0);
        Assert.True(source.TryGetTime(stamp, out long time));
        Assert.Equal(expected, time);
    }

    [Theory]
    [InlineData(0, ulong.MaxValue, 0)]
    [InlineData(6, ulong.MaxValue, long.MaxValue)]
    [InlineData(6, 0UL, -1)]
    public void A_time_beyond_the_calendar_is_no_time(byte resolution, ulong stamp, long offset) =>
        Assert.False(new PcapngInterface(LinkType.Raw, 0, resolution, offset).TryGetTime(stamp, out _));

    [Fact]
    public void Packets_without_a_time_or_an_interface_or_a_known_link_are_counted()
    {
        byte[] content = Ng(false).Packet(1, s_query, 3).Interface().SimplePacket(s_query).Interface(link: 147).Packet(5, s_query, 1).ToArray();
        using TemporaryFile file = new(content);
        CaptureRun run = CaptureRun.Read(file.Path);
        Assert.Null(run.Report.Damage);
        Assert.Equal(1, run.Count("packets", "no-time"));
        Assert.Equal(2, run.Count("packets", "unknown-link"));
        Assert.Empty(run.Messages);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_capturing_host_lost_is_noted(bool big)
    {
        byte[] Statistics(byte drops) => [0, 0, 0, 0, .. new byte[8], .. Option(4, 99), .. Option(5, drops), .. Option(7, 1)];
        byte[] Option(byte code, byte value) => big ? [0, code, 0, 8, 0, 0, 0, 0, 0, 0, 0, value] : [code, 0, 8, 0, value, 0, 0, 0, 0, 0, 0, 0];
        byte[] section = Ng(big).Interface().Block(5, Statistics(7)).Block(5, Statistics(40)).ToArray();
        using TemporaryFile file = new([.. section, .. section]);
        CaptureRun run = CaptureRun.Read(file.Path);
        Assert.Contains("The capturing host lost 82 packets before they reached the file.", run.Report.Notes);
    }

    [Fact]
    public void Files_are_one_recording_in_the_order_of_their_first_packets()
    {
        using TemporaryFile later = new(new CaptureWriter(false).PcapHeader().PcapPacket(Seconds + 1, 0, s_response).ToArray());
        using TemporaryFile earlier = new(new CaptureWriter(true).PcapHeader().PcapPacket(Seconds, 0, s_query).ToArray());
        CaptureRun run = CaptureRun.Read([later.Path, earlier.Path], Decoding.Vantage());
        Assert.Single(run.Observed);
        Assert.DoesNotContain(run.Report.Notes, note => note.Contains("one after the other", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_that_overlap_in_time_are_noted()
    {
        byte[] longer = new CaptureWriter(false).PcapHeader().PcapPacket(Seconds, 0, s_query).PcapPacket(Seconds + 9, 0, s_query).ToArray();
        using TemporaryFile first = new(longer);
        using TemporaryFile second = new(new CaptureWriter(false).PcapHeader().PcapPacket(Seconds + 1, 0, s_response).ToArray());
        CaptureRun run = CaptureRun.Read([first.Path, second.Path], Decoding.Vantage());
        Assert.Contains(run.Report.Notes, note => note.StartsWith("1 of 2 files", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Responses_wait_for_the_next_batch_when_one_is_full()
    {
        CaptureWriter writer = new CaptureWriter(false).PcapHeader();
        for (int i = 0; i < 10; i++)
        {
            writer.PcapPacket(Seconds, 0, Wire.Query(i, "example.org")).PcapPacket(Seconds, 0, Wire.Response(i, "example.org"));
        }

        using TemporaryFile file = new(writer.ToArray());
        await using PcapFileSource source = PcapFileSource.Open([file.Path], Decoding.Vantage());
        MessageBatch batch = new(messageCapacity: 3);
        List<int> sizes = [];
        bool more;
        do
        {
            batch.Clear();
            more = await source.ReadAsync(batch, TestContext.Current.CancellationToken);
            sizes.Add(batch.Count);
        }
        while (more);
        Assert.Equal([3, 3, 3, 1], sizes);
        Assert.False(await source.ReadAsync(batch, TestContext.Current.CancellationToken));
    }

    private static CaptureWriter Ng(bool big) => new CaptureWriter(big).Section();

    private static byte[] Pair(CaptureWriter writer, uint fraction, int extra) =>
        writer.PcapPacket(Seconds, fraction, s_query, extra).PcapPacket(Seconds, fraction, s_response, extra).ToArray();
}
