using System.Buffers.Binary;
using System.Text;

namespace PassiveDns.Tests.Differential;

/// <summary>BIND: named-compilezone, which writes zones as octets ("raw") or as text.</summary>
internal sealed class BindPeer : ZonePeer
{
    private const string Program = "named-compilezone";

    public override string Name => "BIND";

    public override IReadOnlyDictionary<RecordType, string> Exceptions { get; } = new Dictionary<RecordType, string>
    {
        [RecordType.MD] = "refused as obsolete",
        [RecordType.MF] = "refused as obsolete",
        [RecordType.CLA] = "unknown to BIND 9.18",
        [RecordType.IPN] = "unknown to BIND 9.18",
    };

    protected override Dictionary<int, byte[]>? Process(string directory, string file, IReadOnlyList<PeerRecord> records, bool octets, out string errors)
    {
        string path = ExternalTool.Require(Program, "bind9-utils");
        string output = Path.Combine(directory, "v.out");
        string[] checks = ["-i", "none", "-k", "ignore", "-m", "ignore", "-M", "ignore", "-n", "ignore", "-r", "ignore", "-S", "ignore", "-T", "ignore"];
        (int code, string said, string more) = ExternalTool.Run(
            path, [.. checks, "-F", octets ? "raw" : "text", "-s", "full", "-o", output, PeerRecord.Zone, file]);
        errors = said + more;
        if (code != 0) return null;
        return octets ? ReadRaw(File.ReadAllBytes(output)) : PeerRecord.ReadText(File.ReadAllText(output, Encoding.Latin1));
    }

    /// <summary>Octets of format, version, date, flags and two serials, then RRsets: length, class, type, covers, TTL, count, owner, and each record's data.</summary>
    private static Dictionary<int, byte[]> ReadRaw(ReadOnlySpan<byte> raw)
    {
        Dictionary<int, byte[]> data = [];
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(raw)); // dns_masterformat_raw
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32BigEndian(raw[4..]));
        for (ReadOnlySpan<byte> rest = raw[24..]; !rest.IsEmpty;)
        {
            int total = BinaryPrimitives.ReadInt32BigEndian(rest);
            ReadOnlySpan<byte> set = rest[..total];
            int ownerLength = BinaryPrimitives.ReadUInt16BigEndian(set[18..]);
            Assert.True(DomainName.TryFromWire(set.Slice(20, ownerLength), out DomainName owner));
            set = set[(20 + ownerLength)..];
            int number = PeerRecord.NumberOf(owner.ToString());
            if (number >= 0) data[number] = set.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(set)).ToArray();
            rest = rest[total..];
        }

        return data;
    }
}
