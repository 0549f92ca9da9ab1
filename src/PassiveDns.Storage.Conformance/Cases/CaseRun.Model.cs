using System.Collections.Immutable;
using System.Net;

namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Model =>
    [
        .. Each<int>("model", "Random batches and queries agree with a naive model", static (run, given) => run.RandomBatchesAndQueriesAgreeWithANaiveModel(given),
        [
            1,
            2,
            3,
        ]),
    ];

    private static readonly string[] s_names =
    [
        "example.com.", "www.example.com.", "a.www.example.com.", "badexample.com.", "www.badexample.com.", "example.net.", "www.example.", "com.", "xn--bcher-kva.example.",
    ];

    private static readonly (string Type, string[] Rdata)[] s_data =
    [
        ("A", ["192.0.2.1", "192.0.2.2", "192.0.2.255", "192.0.3.0", "10.0.0.1"]),
        ("NS", ["ns.example.com.", "ns.example.net.", "www.example."]),
        ("MX", ["10 www.example.com.", "20 www.example.com.", "10 badexample.com."]),
        ("TXT", ["\"v=spf1 -all\"", "\"v=spf1 mx -all\"", "\"" + new string('x', 90) + "\"", "\"" + new string('x', 91) + "\"", "\"\""]),
        ("DS", ["1 13 99 00", "1 13 99 0001"]),
    ];

    private async Task RandomBatchesAndQueriesAgreeWithANaiveModel(int seed)
    {
        Random random = new(seed);
        IObservationStore store = await NewStoreAsync();
        NaiveModel model = new((long)SightingHistory.DefaultIntervalGap.TotalSeconds);
        ulong[] sequences = [.. Enumerable.Range(1, 60).Select(i => (ulong)i % 40 + 1)]; // some come twice
        random.Shuffle(sequences);
        foreach (ulong sequence in sequences)
        {
            string sensor = $"s{random.Next(3)}";
            BatchBuilder batch = new(sensor);
            List<NaiveModel.Seen> rows = [.. Enumerable.Range(0, random.Next(8)).Select(_ => RandomRow(random, sensor))];
            foreach (NaiveModel.Seen row in rows)
            {
                string bailiwick = DomainName.Parse(row.Name).Ancestor(row.BailiwickLabels).ToString();
                batch.Add(row.Name, row.Type, string.Join('|', row.Rdata), row.First, row.Last, row.Count, bailiwick, row.Provenance, row.Ttl);
            }

            ObservationBatch built = batch.Build(sequence);
            bool isNew = model.Apply(built.Id, rows);
            Expect.Equal(isNew ? WriteResult.Applied : WriteResult.AlreadyApplied, await store.WriteAsync(built));
        }

        int found = 0;
        for (int i = 0; i < 400; i++)
        {
            ObservationQuery query = RandomQuery(random);
            Answer answer = await Answer.ReadAsync(store, query);
            string[] expected = model.Answer(query);
            Expect.Equal(expected, answer.Rows.Select(NaiveModel.Text).Order(StringComparer.Ordinal));
            found += expected.Length;
        }

        Expect.True(found > 400); // the queries do hit something
    }

    private static NaiveModel.Seen RandomRow(Random random, string sensor)
    {
        (string type, string[] data) = s_data[random.Next(s_data.Length)];
        string name = s_names[random.Next(s_names.Length)];
        ImmutableArray<string> rdata = [.. random.GetItems(data, random.Next(1, 4)).Distinct()];
        long first = random.NextInt64(0, 60) * 86_400;
        int labels = random.Next(1, name.Count(c => c == '.') + 1);
        Provenance provenance = random.Next(4) switch { 0 => Provenance.ZoneFile, 1 => Provenance.Unverified, _ => Provenance.VerifiedTraffic };
        return new(name, type, labels, provenance, rdata, first, first + random.Next(200_000), random.Next(5), (uint)random.Next(5), sensor);
    }

    private static ObservationQuery RandomQuery(Random random)
    {
        DomainName name = DomainName.Parse(s_names[random.Next(s_names.Length)]);
        (string type, string[] data) = s_data[random.Next(s_data.Length)];
        byte[] rdata = BatchBuilder.Rdata(type, data[random.Next(data.Length)]);
        HostAddress low = HostAddress.FromBytes([192, 0, (byte)random.Next(2, 4), (byte)random.Next(256)]);
        long day = random.Next(62) * 86_400;
        QueryAnchor anchor = random.Next(10) switch
        {
            0 => new QueryAnchor.OwnerName(name),
            1 => new QueryAnchor.Subtree(name),
            2 => new QueryAnchor.NamePrefix(DomainName.Parse(string.Join('.', name.ToString().Split('.').Take(random.Next(1, name.LabelCount + 1))))),
            3 => new QueryAnchor.Target(name, random.Next(2) == 0),
            4 => QueryAnchor.Network(IPNetwork.Parse($"192.0.2.{random.Next(2) * 128}/25")),
            5 => new QueryAnchor.AddressRange(low, HostAddress.FromBytes([192, 0, 3, 255])),
            6 => new QueryAnchor.RawRdata(BatchBuilder.Type(type), rdata.AsMemory(0, random.Next(rdata.Length + 1)), random.Next(4) > 0),
            7 => new QueryAnchor.FirstSeen(random.Next(40) * 86_400, random.Next(40, 60) * 86_400),
            8 => new QueryAnchor.Changed(day, day + random.Next(3) * 40_000),
            _ => new QueryAnchor.Everything(),
        };
        long? At(int odds) => random.Next(odds) == 0 ? random.Next(62) * 86_400 : null;
        long? from = At(6);
        return new(anchor)
        {
            Types = random.Next(4) switch { 0 => TypeSelection.All, 1 => TypeSelection.Of(RecordType.DS, RecordType.A, RecordType.TXT, RecordType.NS), _ => TypeSelection.Any },
            Bailiwick = random.Next(6) == 0 ? DomainName.Parse(random.Next(2) == 0 ? "com" : "example.com") : null,
            Provenance = random.Next(3) == 0 ? ProvenanceSelection.All : ProvenanceSelection.Trusted,
            MinWitnesses = random.Next(5) == 0 ? 2 : 0,
            Time = new() { FirstBefore = At(6), FirstAfter = At(6), LastBefore = At(6), LastAfter = At(6), Present = from is { } f ? (f, f + random.Next(5) * 86_400) : null },
        };
    }
}
