using System.Text;
using System.Text.Json;
using PassiveDns.Storage.Cof;

namespace PassiveDns.Storage.Tests;

public sealed class CofWriterTests
{
    private static string Write(BatchBuilder rows, CofOptions? options = null)
    {
        using MemoryStream stream = new();
        using (CofWriter writer = new(stream, options)) writer.Write(rows.Build(1).Rows);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [Fact]
    public void A_row_has_the_fields_of_the_draft_and_ends_in_a_line_feed() => Assert.Equal(
        """{"rrname":"www.example.com","rrtype":"A","rdata":["192.0.2.1","192.0.2.2"],"time_first":1000,"time_last":2000,"count":7,"bailiwick":"example.com"}""" + "\n",
        Write(new BatchBuilder().Add("www.Example.com", "A", "192.0.2.2|192.0.2.1", 1_000, 2_000, 7)));

    [Fact]
    public void Every_line_is_a_json_object_of_its_own()
    {
        string text = Write(new BatchBuilder().Add("example.com", "TXT", "\"say \\\"hi\\\" <\\200>&+\"").Add(".", "NS", "a.example."));
        string[] lines = text.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Empty(lines[2]);
        Assert.DoesNotContain('\r', text);
        using JsonDocument txt = JsonDocument.Parse(lines[0]);
        Assert.Equal("\"say \\\"hi\\\" <\\200>&+\"", txt.RootElement.GetProperty("rdata")[0].GetString());
        Assert.Contains("<\\\\200>&+", lines[0], StringComparison.Ordinal); // relaxed escaping: no \u003C
        using JsonDocument root = JsonDocument.Parse(lines[1]);
        Assert.Equal(".", root.RootElement.GetProperty("rrname").GetString());
        Assert.Equal(".", root.RootElement.GetProperty("bailiwick").GetString());
    }

    [Fact]
    public void Zone_files_have_times_of_their_own() => Assert.Equal(
        """{"rrname":"example.com","rrtype":"A","rdata":["192.0.2.1"],"zone_time_first":5,"zone_time_last":6,"count":1,"bailiwick":"example.com"}""" + "\n",
        Write(new BatchBuilder().Add("example.com", "A", "192.0.2.1", 5, 6, provenance: Provenance.ZoneFile), new() { EmitMilliseconds = true }));

    [Fact]
    public void A_type_without_a_name_is_a_number_unless_told_otherwise()
    {
        BatchBuilder rows = new BatchBuilder().Add("example.com", "TYPE65280", "\\# 1 ff");
        Assert.Contains("\"rrtype\":65280,\"rdata\":[\"\\\\# 1 FF\"]", Write(rows), StringComparison.OrdinalIgnoreCase);
        rows.Add("example.com", "TYPE65280", "\\# 1 ff");
        Assert.Contains("\"rrtype\":\"TYPE65280\"", Write(rows, new() { NumericUnknownTypes = false }), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_add_fields() => Assert.Equal(
        """{"rrname":"example.com.","rrtype":"A","rdata":"192.0.2.1","time_first":5,"time_last":6,"time_first_ms":5000,"time_last_ms":6000,"count":1,"bailiwick":"com.","rdata_wire":["c0000201"],"provenance":"verified-traffic","sensor_id":"probes","origin":"https://pdns.example/db"}""" + "\n",
        Write(
            new BatchBuilder().Add("example.com", "A", "192.0.2.1", 5, 6, bailiwick: "com"),
            new()
            {
                RdataAsArray = false, TrailingDot = true, EmitMilliseconds = true, EmitWire = true, EmitProvenance = true, SensorId = "probes",
                Origin = new("https://pdns.example/db"),
            }));

    [Fact]
    public void Rdata_longer_than_any_buffer_is_written_whole()
    {
        byte[] rdata = new byte[60_000];
        string text = Write(new BatchBuilder().Add("example.com", "TYPE65280", [rdata]));
        using JsonDocument row = JsonDocument.Parse(text);
        Assert.Equal("\\# 60000 ".Length + 120_000, row.RootElement.GetProperty("rdata")[0].GetString()!.Length);
    }
}
