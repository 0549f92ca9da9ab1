using System.IO.Compression;
using System.Text.Json;

namespace PassiveDns.Capture.Tests.Cdns;

public sealed class CdnsFileTests
{
    private static readonly string s_sample = Path.Combine(Corpus.Repository, "samples", "capture", "sample.pcapng");

    private static (List<ObservedResponse> Observed, List<FoundMessage> Messages, CaptureReport Report) Read(string path, VantageOptions? vantage = null)
    {
        CdnsFileSource source = Assert.IsType<CdnsFileSource>(Assert.Single(CaptureFiles.Open([path], vantage)));
        List<FoundMessage> messages = [];
        source.Probe = (in PacketMessage m) => messages.Add(CaptureRun.Copy(m));
        List<ObservedResponse> observed = [];
        MessageBatch batch = new();
        bool more;
        do
        {
            batch.Clear();
            more = source.ReadAsync(batch).AsTask().GetAwaiter().GetResult();
            foreach (CapturedResponse response in batch) observed.Add(new(response.Server, response.UnixNanoseconds, response.Message.ToArray()));
            Conservation.Check(source.GetReport());
        }
        while (more);
        CaptureReport report = source.GetReport();
        Conservation.CheckEnd(report, messages.Count, observed.Count);
        source.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (observed, messages, report);
    }

    private static VantageOptions Vantage()
    {
        VantageOptions options = new();
        foreach (System.Net.IPNetwork network in ResolverList.Load(Path.Combine(Corpus.Repository, "samples", "capture", "resolvers"))) options.Resolvers.Add(network);
        return options;
    }

    /// <summary>Everything of a response but its compression; owner names in both are as the server wrote them.</summary>
    private static string Describe(ObservedResponse response)
    {
        DnsReader reader = new(response.Octets);
        List<string> lines = [$"{response.Server} {response.UnixNanoseconds} {Convert.ToHexString(response.Octets.AsSpan(0, 12))}"];
        byte[] rdata = new byte[ushort.MaxValue];
        while (reader.Read())
        {
            RecordData.Canonicalize(response.Octets, reader.DataOffset, reader.Data.Length, reader.Type, rdata, out int length);
            lines.Add($"{reader.Section} {reader.Name.ToString()} {reader.Type} {reader.Class} {reader.RawTimeToLive} {Convert.ToHexString(rdata.AsSpan(0, length))}");
        }

        Assert.Equal(DnsError.None, reader.Error);
        return string.Join('\n', lines);
    }

    private static CdnsBuilder Fill(CdnsBuilder builder, List<FoundMessage> messages)
    {
        HashSet<FoundMessage> taken = [];
        for (int i = 0; i < messages.Count; i++)
        {
            FoundMessage query = messages[i];
            if (!taken.Add(query) || (query.Octets[2] & 0x80) != 0) continue;
            FoundMessage? response = messages.Skip(i).FirstOrDefault(m => (m.Octets[2] & 0x80) != 0 && !taken.Contains(m)
                && m.Source == query.Destination && m.SourcePort == query.DestinationPort && m.Destination == query.Source && m.DestinationPort == query.SourcePort
                && m.Octets.AsSpan(0, 2).SequenceEqual(query.Octets.AsSpan(0, 2)));
            if (response is not null) taken.Add(response);
            builder.Add(query, response);
        }

        return builder;
    }

    private static byte[] SampleAsCdns(CdnsBuilder builder) => Fill(builder, CaptureRun.Read(s_sample, Vantage()).Messages).Build();

    [Fact]
    public void The_same_traffic_as_a_capture_gives_the_same_responses()
    {
        CaptureRun capture = CaptureRun.Read(s_sample, Vantage());
        long earliest = capture.Messages.Min(m => m.UnixNanoseconds);
        using TemporaryFile file = new(SampleAsCdns(new() { Earliest = earliest }), ".cdns");
        (List<ObservedResponse> observed, _, CaptureReport report) = Read(file.Path, Vantage());
        Assert.NotEmpty(observed);
        Assert.Equal(capture.Observed.Select(Describe).Order(StringComparer.Ordinal), observed.Select(Describe).Order(StringComparer.Ordinal));
        Assert.Equal(1, Conservation.Of(report, "packets", "malformed-message"));
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(File.ReadAllBytes(file.Path));
        using TemporaryFile compressed = new(packed.ToArray(), ".cdns.gz");
        Assert.Equal(observed.Count, Read(compressed.Path, Vantage()).Observed.Count);
    }

    [Fact]
    public void A_query_in_one_file_meets_its_response_in_the_next_whatever_their_order()
    {
        List<FoundMessage> messages = CaptureRun.Read(s_sample, Vantage()).Messages;
        FoundMessage response = messages.First(m => (m.Octets[2] & 0x80) != 0 && (m.Octets[2] & 1) == 0 && m.Transport == "udp" && m.Octets.Length < 500);
        FoundMessage query = messages.First(m => (m.Octets[2] & 0x80) == 0 && m.Source == response.Destination && m.SourcePort == response.DestinationPort
            && m.Octets.AsSpan(0, 2).SequenceEqual(response.Octets.AsSpan(0, 2)));
        CdnsBuilder queries = new() { Earliest = query.UnixNanoseconds }, responses = new() { Earliest = query.UnixNanoseconds + 1 };
        queries.Add(query, null);
        responses.Add(null, response);
        using TemporaryFile earlier = new(queries.Build(), ".cdns"), later = new(responses.Build(), ".cdns");
        foreach (string[] paths in (string[][])[[earlier.Path, later.Path], [later.Path, earlier.Path]])
        {
            ICaptureSource source = Assert.Single(CaptureFiles.Open(paths, Vantage()));
            Drain(source, new());
            Assert.Equal((1, 1), (Conservation.Of(source.GetReport(), "messages", "observed"), Conservation.Of(source.GetReport(), "queries", "answered")));
        }
    }

    /// <summary>What Compactor wrote, against a decoder of its own over another CBOR library. All its queries ask for recursion, so nothing of it is observed.</summary>
    [Fact]
    public void A_file_of_Compactor_is_read_as_an_independent_decoder_reads_it()
    {
        string file = Corpus.RequireShared("cdns/compactor__gold.cbor");
        using GZipStream lines = new(File.OpenRead(Corpus.RequireShared("oracle/cdns/compactor__gold.cbor.ndjson.gz")), CompressionMode.Decompress);
        using StreamReader text = new(lines);
        text.ReadLine(); // about the file
        List<string> expected = [];
        while (text.ReadLine() is { } line)
        {
            JsonElement item = JsonDocument.Parse(line).RootElement;
            expected.Add($"{item.GetProperty("id").GetInt32()} {item.GetProperty("server").GetString()} {item.GetProperty("rcode").GetInt32()}");
            foreach (string section in (string[])["answer", "authority", "additional"])
            {
                if (item.GetProperty("response_ext").ValueKind != JsonValueKind.Object || !item.GetProperty("response_ext").TryGetProperty(section, out JsonElement records)) continue;
                expected.AddRange(records.EnumerateArray().Select(r =>
                    $"{section} {r.GetProperty("type").GetInt32()} {r.GetProperty("class").GetInt32()} {r.GetProperty("ttl").GetInt64()} {r.GetProperty("rdata_hex").GetString()}"));
            }
        }

        (List<ObservedResponse> observed, List<FoundMessage> messages, CaptureReport report) = Read(file);
        Assert.Empty(observed);
        Assert.Equal((999, 1998), (Conservation.Of(report, "packets", "query-and-response"), messages.Count));
        List<string> found = [];
        foreach (FoundMessage message in messages.Where(m => (m.Octets[2] & 0x80) != 0))
        {
            found.Add($"{message.Octets[0] << 8 | message.Octets[1]} {message.Source} {message.Octets[3] & 15}");
            DnsReader reader = new(message.Octets);
            while (reader.Read())
            {
                if (reader.Section == DnsSection.Question) continue;
                found.Add($"{reader.Section.ToString().ToLowerInvariant()} {(int)reader.Type} {(int)reader.Class} {reader.RawTimeToLive} {Convert.ToHexStringLower(reader.Data)}");
            }

            Assert.Equal(DnsError.None, reader.Error);
        }

        Assert.Equal(999 + 24_477, expected.Count);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void What_the_sensor_cut_or_left_out_or_took_from_a_cache_gives_nothing()
    {
        foreach ((CdnsBuilder builder, string fate) in new (CdnsBuilder, string)[]
        {
            (new() { Prefix = (6, 24) }, "address-cut"), (new() { Prefix = (9, 64) }, "address-cut"),
            (new() { ResponseHints = 0x7FFF }, "not-kept"), (new() { RecordHints = 1 }, "not-kept"), (new() { FromCache = true }, "refused-by-kind"),
        })
        {
            using TemporaryFile file = new(SampleAsCdns(builder), ".cdns");
            (List<ObservedResponse> observed, List<FoundMessage> messages, CaptureReport report) = Read(file.Path, Vantage());
            Assert.Empty(observed);
            Assert.Empty(messages);
            Assert.Equal(report.Packets - 1, Conservation.Of(report, "packets", fate));
        }
    }

    [Fact]
    public void Old_forms_are_refused_by_name()
    {
        using TemporaryFile old = new(CdnsBuilder.Array([CdnsBuilder.Text("DNS-STAT"), CdnsBuilder.Map([]), CdnsBuilder.Array([])]), ".cbor");
        Assert.Contains("DNS-STAT", Assert.Throws<CaptureFileException>(() => CaptureFiles.Open([old.Path])).Message);
        using TemporaryFile draft = new(CdnsBuilder.Array([CdnsBuilder.Text("C-DNS"), CdnsBuilder.Map([CdnsBuilder.Int(0), CdnsBuilder.Int(0), CdnsBuilder.Int(1), CdnsBuilder.Int(5)]), CdnsBuilder.Array([])]), ".cbor");
        Assert.Contains("C-DNS 0.5", Assert.Throws<CaptureFileException>(() => CaptureFiles.Open([draft.Path])).Message);
    }

    [Fact]
    public void No_damage_throws_or_loses_count()
    {
        CaptureRun capture = CaptureRun.Read(s_sample, Vantage());
        byte[] whole = Fill(new(), capture.Messages.Take(40).ToList()).Build();
        for (int i = 0; i < whole.Length; i += 1 + whole.Length / 80)
        {
            byte[] changed = [.. whole];
            changed[i] ^= (byte)(1 << i % 8);
            foreach (byte[] octets in new[] { changed, whole[..i] })
            {
                using TemporaryFile file = new(octets, ".cdns");
                try
                {
                    Read(file.Path);
                }
                catch (CaptureFileException)
                {
                    // told at once: the start of the file was hit
                }
            }
        }
    }

    [Fact]
    public void A_second_file_costs_no_memory_for_its_items()
    {
        CaptureRun capture = CaptureRun.Read(s_sample, Vantage());
        using TemporaryFile file = new(Fill(new(), capture.Messages).Build(), ".cdns");
        long[] allocated = new long[2];
        for (int files = 1; files <= 2; files++)
        {
            using TemporaryFile copy = new(File.ReadAllBytes(file.Path), ".cdns");
            ICaptureSource source = Assert.Single(CaptureFiles.Open(files == 1 ? [file.Path] : [file.Path, copy.Path], Vantage()));
            MessageBatch batch = new();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Drain(source, batch);
            allocated[files - 1] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.True(allocated[1] - allocated[0] < 16 * 1024, $"{allocated[1] - allocated[0]} octets for the second file with {capture.Messages.Count} messages"); // what opening a file costs
    }

    private static void Drain(ICaptureSource source, MessageBatch batch)
    {
        while (source.ReadAsync(batch).AsTask().GetAwaiter().GetResult()) batch.Clear();
        source.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
