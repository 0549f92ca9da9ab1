using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;

namespace PassiveDns.Tests;

/// <summary>Whole files, held record by record and octet by octet against what BIND (or dnspython, for zones that BIND refuses) made of them.</summary>
public partial class ZoneReaderTests
{
    private const string Compiler = "named-compilezone";

    public static TheoryData<string> Expected =>
    [
        "syntax", "generate", "domain__example.com", "domain__nsd-example", "domain__rfc1034-6-1-edu", "domain__rfc5155-appendix-A",
        "hickory__0", "hickory__ipv6_1", "hickory__localhost", "hickory__nonewline", "hickory__implicitclass", "hickory__test.local",
    ];

    [Theory]
    [MemberData(nameof(Expected))]
    public void Zones_are_read_as_BIND_and_dnspython_read_them(string name)
    {
        string[] lines = [.. TestData.CorpusLines($"zone/{name}.wire")];
        HashSet<string> expected = [.. lines.Skip(1).Select(Canonical)];
        ZoneReader reader = ZoneReader.Open(TestData.CorpusPath($"zone/{name}.zone"), DomainName.Parse(lines[0]));
        HashSet<string> read = ZoneText.ReadWire(reader);
        Assert.Empty(reader.Report.Faults);
        Assert.Empty(expected.Except(read));
        Assert.Empty(read.Except(expected));
    }

    [Theory]
    [InlineData("root-history/root-2014062501.signed.zone.gz", ".", 7971)]
    [InlineData("root-history/root-2018031200.zone.gz", ".", 19597)]
    [InlineData("root-history/root-2023112601.zone.gz", ".", 22420)]
    [InlineData("root-history/root-2025063001.zone.gz", ".", 22113)]
    [InlineData("knot__root-like.zone", ".", 5184)]
    [InlineData("knot__example.zone", "example", 30)]
    [InlineData("domain__big.example.com.txt", "example.com", 10012)]
    public void Real_root_zones_and_large_zones_are_read_as_BIND_reads_them(string path, string zone, int records)
    {
        string file = TestData.SharedPath("zone/" + path);
        Assert.SkipUnless(File.Exists(file), $"The data set beside the repository has no zone/{path} here.");
        HashSet<string> expected = CompileWithBind(file, zone);
        ZoneReader reader = ZoneReader.Open(file, DomainName.Parse(zone));
        HashSet<string> read = ZoneText.ReadWire(reader);
        Assert.Empty(reader.Report.Faults);
        Assert.Equal(records, read.Count);
        Assert.Empty(expected.Except(read));
        Assert.Empty(read.Except(expected));
    }

    [Fact]
    public void Of_the_many_types_in_the_file_of_ldns_only_forms_of_the_nineteen_eighties_are_not_read()
    {
        string file = TestData.SharedPath("zone/ldns__08-zonereader.inputzone");
        Assert.SkipUnless(File.Exists(file), "The data set beside the repository has no zone/ldns__08-zonereader.inputzone here.");
        (string[] records, ZoneReport report) = ZoneText.Read(ZoneReader.Open(file, DomainName.Root));
        Assert.Equal(3878, records.Length);

        // NSAP in its own notation, WKS with protocols and services by name, and an A record without data, which BIND refuses too
        Assert.Equal([3831, 3842, 3866, 3882], report.Faults.Select(fault => fault.Line));
    }

    /// <summary>Brings a line of BIND's wire data into canonical form by the reader of messages, which is held against other oracles.</summary>
    private static string Canonical(string line)
    {
        string[] parts = line.Split(' ');
        RecordType type = (RecordType)int.Parse(parts[1]);
        Assert.NotEqual(RdataStatus.Malformed, TestData.Canonicalize(type, Convert.FromHexString(parts.Length > 4 ? parts[4] : ""), out byte[] canonical));
        return $"{parts[0]} {parts[1]} {parts[2]} {parts[3]} {Convert.ToHexStringLower(canonical)}";
    }

    private static HashSet<string> CompileWithBind(string file, string zone)
    {
        string directory = Directory.CreateTempSubdirectory("pdns-zone-").FullName;
        try
        {
            string text = Path.Combine(directory, "zone");
            using (Stream input = File.OpenRead(file))
            using (Stream output = File.Create(text))
            {
                using Stream unpacked = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(input, CompressionMode.Decompress) : input;
                unpacked.CopyTo(output);
            }

            string raw = Path.Combine(directory, "raw");
            Run("-i", "none", "-k", "ignore", "-n", "ignore", "-m", "ignore", "-M", "ignore", "-S", "ignore", "-r", "ignore", "-T", "ignore", "-F", "raw", "-o", raw, zone, text);
            return ParseRaw(File.ReadAllBytes(raw));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Run(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(Compiler, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, said);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"There is no {Compiler} (BIND) here.");
        }
    }

    /// <summary>BIND's "raw" zone format: a header of 12 or 24 octets, then RRsets with 20 octets in front of the owner.</summary>
    private static HashSet<string> ParseRaw(ReadOnlySpan<byte> raw)
    {
        HashSet<string> records = [];
        raw = raw[(BinaryPrimitives.ReadUInt32BigEndian(raw[4..]) == 0 ? 12 : 24)..];
        while (!raw.IsEmpty)
        {
            ReadOnlySpan<byte> set = raw[..BinaryPrimitives.ReadInt32BigEndian(raw)];
            raw = raw[set.Length..];
            int nameLength = BinaryPrimitives.ReadUInt16BigEndian(set[18..]);
            Assert.True(DomainName.TryFromWire(set.Slice(20, nameLength), out DomainName owner));
            ReadOnlySpan<byte> rest = set[(20 + nameLength)..];
            while (!rest.IsEmpty)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
                RecordType type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(set[6..]);
                RecordClass @class = (RecordClass)BinaryPrimitives.ReadUInt16BigEndian(set[4..]);
                records.Add(Canonical(ZoneText.WireLine(owner.Wire, type, @class, BinaryPrimitives.ReadUInt32BigEndian(set[10..]), rest.Slice(2, length))));
                rest = rest[(2 + length)..];
            }
        }

        return records;
    }
}
