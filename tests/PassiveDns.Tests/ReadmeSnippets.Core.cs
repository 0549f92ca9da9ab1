namespace PassiveDns.Tests;

/// <summary>More of the C# of the page of PassiveDns.Core.</summary>
public sealed partial class ReadmeSnippets
{
    [Fact]
    public void Whole_responses()
    {
        byte[] message = Responses.RootNs(0);
        using StringWriter Console = new();
        {
            ResponseDecoder decoder = new();
            if (decoder.Decode(message) == DnsError.None)
            {
                for (int i = 0; i < decoder.Count; i++)
                {
                    ResponseRecord record = decoder[i];
                    if (record.Section == DnsSection.Answer) Console.WriteLine($"{record.Type} {RdataText.Format(record.Type, record.Data)}");
                }
            }
        }

        Assert.StartsWith("NS ", Console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_file()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("zone", "$TTL 60\n@ A 192.0.2.1\n@ A 192.0.2\n");
        using StringWriter Console = new();
        {
            await using ZoneReader zone = ZoneReader.Open(path, DomainName.Parse("example.com"));
            while (await zone.ReadAsync()) Console.WriteLine($"line {zone.Line}: {zone.Type} {RdataText.Format(zone.Type, zone.Rdata)}");
            foreach (ZoneFault fault in zone.Report.Faults) Console.WriteLine($"line {fault.Line}: {fault.Error}");
        }

        Assert.Contains("line 2: A 192.0.2.1", Console.ToString(), StringComparison.Ordinal);
        Assert.Contains("line 3: ", Console.ToString(), StringComparison.Ordinal);
    }
}
