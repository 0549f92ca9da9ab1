using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PassiveDns.Aggregation;

/// <summary>
/// What a verifier has learnt of zones, their servers and the servers' addresses, with the times between which each was seen: to be saved when a sensor
/// stops and given to the next run (<see cref="AggregationOptions.Delegations"/>), which then verifies from the start. Times are those of the data, so old
/// knowledge loses its force by itself. The root hints are not part of it. What stands in it is believed as if it had been verified: load only what you
/// saved yourself.
/// </summary>
/// <remarks>
/// <code>
/// "PDNSDELG", version u8 = 1, number of servers u32, number of zones u32
/// server = name length u8, name, number of addresses u8, then for each: 4 or 16, the address, first i64, last i64
/// zone   = name length u8, name, number of servers u8, then for each: number of the server u32, first i64, last i64
/// SHA-256 of all that
/// </code>
/// Numbers are big-endian, times Unix seconds, names canonical.
/// </remarks>
public sealed class DelegationSnapshot
{
    private const int MaxLength = 1 << 29;
    private const byte Version = 1;

    private readonly byte[] _octets;

    internal DelegationSnapshot(byte[] octets, IReadOnlyList<Server> servers, IReadOnlyList<Zone> zones)
    {
        _octets = octets;
        Servers = servers;
        Zones = zones;
    }

    /// <summary>Nothing: a verifier that starts with it knows the root hints alone.</summary>
    public static DelegationSnapshot Empty { get; } = Create([], []);

    /// <summary>The zones in it.</summary>
    public int ZoneCount => Zones.Count;

    /// <summary>The name servers in it.</summary>
    public int ServerCount => Servers.Count;

    /// <summary>SHA-256 of the content, in hexadecimal: equal for equal knowledge.</summary>
    public string Digest => Convert.ToHexStringLower(_octets.AsSpan(_octets.Length - SHA256.HashSizeInBytes));

    internal IReadOnlyList<Server> Servers { get; }

    internal IReadOnlyList<Zone> Zones { get; }

    private static ReadOnlySpan<byte> Magic => "PDNSDELG"u8;

    /// <summary>Writes it.</summary>
    /// <param name="stream">Where to; it is not closed.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(_octets);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="stream">Read to its end; it is not closed.</param>
    /// <exception cref="FormatException">It is something else, of another version, or damaged; the message is one line that says what to do.</exception>
    public static DelegationSnapshot Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream all = new();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (all.Length + read > MaxLength) throw Refusal("it is longer than any of them");
            all.Write(buffer, 0, read);
        }

        byte[] octets = all.ToArray();
        if (!octets.AsSpan().StartsWith(Magic)) throw Refusal("it does not start like one");
        if (octets.Length < Magic.Length + 9 + SHA256.HashSizeInBytes) throw Refusal("it is cut off");
        if (octets[Magic.Length] != Version) throw Refusal($"it has version {octets[Magic.Length]}, and this program knows version {Version}");
        ReadOnlySpan<byte> content = octets.AsSpan(0, octets.Length - SHA256.HashSizeInBytes);
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(octets.AsSpan(content.Length))) throw Refusal("its checksum is wrong: it is damaged or cut off");
        return new DelegationSnapshotReader(content[(Magic.Length + 1)..]).TryRead(out List<Server>? servers, out List<Zone>? zones)
            ? new(octets, servers, zones)
            : throw Refusal("its content is malformed");
    }

    internal static DelegationSnapshot Create(IReadOnlyList<Server> servers, IReadOnlyList<Zone> zones)
    {
        using MemoryStream stream = new();
        stream.Write(Magic);
        stream.WriteByte(Version);
        Write32(stream, (uint)servers.Count);
        Write32(stream, (uint)zones.Count);
        Span<byte> octets = stackalloc byte[16];
        foreach (Server server in servers)
        {
            WriteName(stream, server.Name, server.Addresses.Count);
            foreach ((HostAddress address, long first, long last) in server.Addresses)
            {
                int length = address.CopyTo(octets);
                stream.WriteByte((byte)length);
                stream.Write(octets[..length]);
                WriteTimes(stream, first, last);
            }
        }

        foreach (Zone zone in zones)
        {
            WriteName(stream, zone.Name, zone.Servers.Count);
            foreach ((int server, long first, long last) in zone.Servers)
            {
                Write32(stream, (uint)server);
                WriteTimes(stream, first, last);
            }
        }

        byte[] content = stream.ToArray();
        return new([.. content, .. SHA256.HashData(content)], servers, zones);
    }

    private static void WriteName(MemoryStream stream, DomainName name, int links)
    {
        stream.WriteByte((byte)name.Wire.Length);
        stream.Write(name.Wire);
        stream.WriteByte((byte)links);
    }

    private static void Write32(MemoryStream stream, uint value)
    {
        Span<byte> octets = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        stream.Write(octets);
    }

    private static void WriteTimes(MemoryStream stream, long first, long last)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(octets, first);
        BinaryPrimitives.WriteInt64BigEndian(octets[8..], last);
        stream.Write(octets);
    }

    private static FormatException Refusal(string problem) =>
        new($"This is no delegation cache that can be used: {problem}. Leave it out; the verifier then learns again from the data.");

    /// <summary>A name server and the addresses it was seen with.</summary>
    internal sealed record Server(DomainName Name, IReadOnlyList<(HostAddress Address, long First, long Last)> Addresses);

    /// <summary>A zone and its servers, by their number.</summary>
    internal sealed record Zone(DomainName Name, IReadOnlyList<(int Server, long First, long Last)> Servers);
}
