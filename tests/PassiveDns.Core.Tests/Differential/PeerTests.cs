namespace PassiveDns.Tests.Differential;

/// <summary>
/// Texts of rdata are held against programs of others, octets against octets, never text against text. A program may refuse what it does not
/// like, but of each type it knows it must take something, and what it takes must mean the same to it and to us.
/// </summary>
public class PeerTests
{
    private const int RecordsPerType = 12;

    private static readonly ZonePeer[] s_peers = [new BindPeer(), new LdnsPeer(), new KnotPeer(), new NsdPeer()];

    public static TheoryData<string> Peers => [.. s_peers.Select(peer => peer.Name)];

    public static TheoryData<string> PeersThatShowOctets => [.. s_peers.Where(peer => peer.ShowsOctets).Select(peer => peer.Name)];

    [Theory]
    [MemberData(nameof(PeersThatShowOctets))]
    public void The_vectors_mean_the_same_octets_to_them(string name)
    {
        ZonePeer peer = Peer(name);
        PeerRecord[] records = [.. VectorTests.Vectors()
            .Where(vector => vector.Type != RecordType.SOA && !peer.Exceptions.ContainsKey(vector.Type) && !peer.TextExceptions.ContainsKey(vector.Text))
            .Select((vector, i) => new PeerRecord(i, vector.Type, vector.Text))];
        Compare(peer, records, peer.ToOctets(records), record => TestData.Parse(record.Type, record.Text) ?? []);
    }

    [Theory]
    [MemberData(nameof(PeersThatShowOctets))]
    public void Our_texts_mean_the_same_octets_to_them(string name)
    {
        ZonePeer peer = Peer(name);
        (PeerRecord[] records, byte[][] data) = Random(peer.Exceptions, (type, data) => RdataText.Format(type, data));
        Compare(peer, records, peer.ToOctets(records), record => data[record.Number]);
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public void Our_texts_come_back_from_them_with_the_same_meaning(string name)
    {
        ZonePeer peer = Peer(name);
        (PeerRecord[] records, byte[][] data) = Random(Unreadable(peer), (type, data) => RdataText.Format(type, data));
        Compare(peer, records, peer.ToTextAndBack(records), record => data[record.Number]);
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public void Their_texts_of_octets_mean_the_same_octets_to_us(string name)
    {
        ZonePeer peer = Peer(name);
        (PeerRecord[] records, byte[][] data) = Random(Unreadable(peer), (_, data) => $@"\# {data.Length} {Convert.ToHexString(data)}");
        Compare(peer, records, peer.ToTextAndBack(records), record => data[record.Number]);
    }

    private static ZonePeer Peer(string name) => s_peers.Single(peer => peer.Name == name);

    private static Dictionary<RecordType, string> Unreadable(ZonePeer peer) => peer.Exceptions.Concat(peer.WrittenExceptions).ToDictionary();

    internal static (PeerRecord[] Records, byte[][] Data) Random(IReadOnlyDictionary<RecordType, string> exceptions, Func<RecordType, byte[], string> write)
    {
        RandomRdata random = new(20261123);
        List<PeerRecord> records = [];
        List<byte[]> all = [];
        foreach (RecordType type in Enum.GetValues<RecordType>())
        {
            if (RecordSchema.Find(type) is not { } schema || type == RecordType.SOA || exceptions.ContainsKey(type)) continue; // one SOA a zone
            for (int i = 0; i < RecordsPerType; i++)
            {
                byte[] data = random.Make(schema);
                records.Add(new(records.Count, type, write(type, data)));
                all.Add(data);
            }
        }

        return ([.. records], [.. all]);
    }

    private static void Compare(ZonePeer peer, PeerRecord[] records, Dictionary<int, byte[]> theirs, Func<PeerRecord, byte[]> ours)
    {
        List<string> differences = [];
        foreach (IGrouping<RecordType, PeerRecord> type in records.GroupBy(record => record.Type))
        {
            int taken = 0;
            foreach (PeerRecord record in type)
            {
                if (!theirs.TryGetValue(record.Number, out byte[]? octets)) continue;
                taken++;

                // letters of names are kept by them and folded by us
                if (TestData.Canonicalize(type.Key, octets, out byte[] canonical) == RdataStatus.Malformed || !canonical.AsSpan().SequenceEqual(ours(record)))
                    differences.Add($"{type.Key} {record.Text}: {peer.Name} {Convert.ToHexString(octets)}, we {Convert.ToHexString(ours(record))}");
            }

            if (taken == 0) differences.Add($"{type.Key}: {peer.Name} took none, such as {type.First().Text}");
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
