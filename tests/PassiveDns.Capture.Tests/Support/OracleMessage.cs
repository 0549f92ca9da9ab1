using System.IO.Compression;
using System.Text.Json;

namespace PassiveDns.Capture.Tests;

/// <summary>A DNS message as tshark found it and dnspython read it.</summary>
internal sealed record OracleMessage(
    string Transport, string Protocols, string Application, int SourcePort, int DestinationPort, string? Hex, JsonElement Python)
{
    private static readonly string[] s_network = ["ip", "ipv6"];
    private static readonly string[] s_refused = ["icmp", "icmpv6", "gre", "teredo", "vxlan", "geneve", "gtp", "arcnet", "wlan", "nflog"];

    /// <summary>Whether the decoder is meant to find it: DNS on port 53, directly over IP, not inside a tunnel or quoted by an ICMP error.</summary>
    public bool IsInScope =>
        Application == "dns" && Transport is "udp" or "tcp" && (SourcePort == 53 || DestinationPort == 53)
        && Protocols.Split(':').Count(s_network.Contains) == 1 && !Protocols.Split(':').Any(s_refused.Contains);

    /// <summary>What tells messages apart: their octets, or in the largest files, where the oracle left them out, the header.</summary>
    public string Key => Hex is not null ? $"{Transport} {Hex}" : HeaderKey(Transport, SourcePort, DestinationPort, Python);

    public static List<OracleMessage> Load(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        JsonElement root = JsonDocument.Parse(content).RootElement;
        return [.. root.GetProperty("messages").EnumerateArray().Select(m => new OracleMessage(
            Text(m, "transport"), Text(m, "protos"), Text(m, "app"), Port(m, "sport"), Port(m, "dport"),
            m.TryGetProperty("wire_hex", out JsonElement hex) ? hex.GetString() : null, m.GetProperty("py")))];
    }

    public static string HeaderKey(string transport, int source, int destination, int id, IEnumerable<int> counts) =>
        $"{transport} {source}>{destination} {id} {string.Join(',', counts)}";

    private static string HeaderKey(string transport, int source, int destination, JsonElement python) => HeaderKey(
        transport, source, destination, python.TryGetProperty("id", out JsonElement id) ? id.GetInt32() : -1,
        python.TryGetProperty("counts", out JsonElement counts) ? counts.EnumerateArray().Select(c => c.GetInt32()) : []);

    private static string Text(JsonElement m, string name) => m.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";

    private static int Port(JsonElement m, string name) => int.TryParse(Text(m, name), out int port) ? port : -1;
}
