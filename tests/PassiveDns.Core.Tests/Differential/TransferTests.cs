using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Tests.Differential;

/// <summary>A zone with all types that Knot knows, transferred from it: names compressed by it, many records in a message, messages in a stream.</summary>
public class TransferTests
{
    [Fact]
    public async Task A_zone_transferred_from_Knot_is_what_dig_sees_of_it()
    {
        string knotd = ExternalTool.Require("knotd", "knot");
        string dig = ExternalTool.Require("dig", "bind9-dnsutils");
        PeerRecord[] records = PeerTests.Random(new KnotPeer().Exceptions, (_, data) => $@"\# {data.Length} {Convert.ToHexString(data)}").Records;

        // dig gives up a message in which it does not like one record, such as an NSEC3 record whose owner is no hash
        Dictionary<int, byte[]> legible = new BindPeer().ToOctets(records);
        records = [.. records.Where(record => legible.ContainsKey(record.Number) && record.Type != RecordType.NSEC3)];
        string directory = Directory.CreateTempSubdirectory("passivedns-transfer-").FullName;
        try
        {
            string file = Path.Combine(directory, "v.zone");
            await File.WriteAllTextAsync(file, PeerRecord.ZoneText(records), TestContext.Current.CancellationToken);
            using KnotServer server = new(knotd, directory, file);
            Dictionary<int, byte[]> seen = [];
            string remarks = "";
            for (int attempt = 0; attempt < 100 && seen.Count == 0 && server.IsRunning; attempt++, server.Wait())
            {
                (_, string text, _) = ExternalTool.Run(
                    dig, "@127.0.0.1", "-p", server.Port.ToString(CultureInfo.InvariantCulture), "+tries=1", "+timeout=1", "+unknownformat", PeerRecord.Zone, "AXFR");
                seen = PeerRecord.ReadGeneric(text);
                remarks = string.Join('\n', text.Split('\n').Where(line => line.StartsWith(';')));
            }

            Dictionary<int, byte[]> ours = await TransferAsync(server.Port);
            Assert.True(seen.Count == records.Length, $"dig sees {seen.Count} of {records.Length} records: {remarks}");
            Assert.Equal(seen.Count, ours.Count);
            foreach (PeerRecord record in records)
            {
                TestData.Canonicalize(record.Type, seen[record.Number], out byte[] canonical);
                Assert.True(canonical.AsSpan().SequenceEqual(ours[record.Number]), $"{record.Type} {record.Text}: {Convert.ToHexString(ours[record.Number])}");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<Dictionary<int, byte[]>> TransferAsync(int port)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        byte[] query = new MessageBuilder(flags: 0).Question(PeerRecord.Zone, RecordType.AXFR).ToArray();
        await client.GetStream().WriteAsync((byte[])[.. MessageBuilder.U16((ushort)query.Length), .. query], TestContext.Current.CancellationToken);
        await using MessageStream messages = new(PipeReader.Create(client.GetStream()));
        ResponseDecoder decoder = new();
        Dictionary<int, byte[]> data = [];
        int apexes = 0; // a transfer starts and ends with the SOA record (RFC 5936 section 2.2)
        while (apexes < 2 && await messages.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(DnsError.None, decoder.Decode(messages.Message));
            for (int i = 0; i < decoder.Count; i++)
            {
                ResponseRecord record = decoder[i];
                Assert.NotEqual(RdataStatus.Malformed, record.DataStatus);
                Assert.True(DomainName.TryFromWire(record.Owner, out DomainName owner));
                if (record.Type == RecordType.SOA) apexes++;
                if (PeerRecord.NumberOf(owner.ToString()) is >= 0 and int number) data[number] = record.Data.ToArray();
            }
        }

        Assert.Equal(2, apexes);
        return data;
    }
}
