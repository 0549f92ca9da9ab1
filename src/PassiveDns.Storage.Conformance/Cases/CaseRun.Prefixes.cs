namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    private static ConformanceCase[] Prefixes =>
    [
        .. Each<(string Labels, string Owners)>("anchors", "A name prefix ends at label borders", static (run, given) => run.ANamePrefixEndsAtLabelBorders(given.Labels, given.Owners),
        [
            ("www.example", "www.example. www.example.com. www.example.com.example.net. www.example.org."), // and not www.examples.org
            ("WWW.Example", "www.example. www.example.com. www.example.com.example.net. www.example.org."),
            ("www", "www. www.example. www.example.com. www.example.com.example.net. www.example.org. www.examples.org."),
            ("www.example.com", "www.example.com. www.example.com.example.net."),
            ("www.example.com.example", "www.example.com.example.net."),
            ("www.example.com.example.net", "www.example.com.example.net."),
            ("www.example.com.example.net.test", ""),
            ("example", "example.com."),
            ("com", ""),
            ("ww", ""),
            ("www.exampl", ""),
            (@"www\.example", @"www\.example.com."), // one label
            (@"w\000w", @"w\000w.example.com."),
            (@"w", @"w.\000w.example.com."),
            (".", @". example.com. w\000w.example.com. w.\000w.example.com. a.www.example.com. www. www\.example.com. www.example. www.example.com. www.example.com.example.net. www.example.org. www.examples.org. wwww.example.com."),
        ]),
        .. Each<int?>("anchors", "A name prefix finds what a walk over everything finds", static (run, given) => run.ANamePrefixFindsWhatAWalkOverEverythingFinds(given),
        [
            null,
            1,
            7,
            600,
        ]),
    ];

    private async Task ANamePrefixEndsAtLabelBorders(string labels, string owners)
    {
        BatchBuilder rows = new();
        foreach (string name in new[]
        {
            ".", "example.com", @"w\000w.example.com", @"w.\000w.example.com", "a.www.example.com", "www", @"www\.example.com", "www.example", "www.example.com", "www.example.com.example.net", "www.example.org",
            "www.examples.org", "wwww.example.com",
        })
        {
            rows.Add(name, "TXT", "\"x\"").Add(name, "DS", "1 13 99 00");
        }

        IObservationStore store = await StoreWith(rows.Add("www.example.test", "DS", "1 13 99 00"));
        ObservationQuery query = new(new QueryAnchor.NamePrefix(Name(labels)));
        DomainName[] wanted = [.. owners.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(DomainName.Parse).Order()];
        Expect.Equal(wanted, (await Answer.ReadAsync(store, query)).Rows.Select(row => row.RrName));
        bool findsSigned = labels is "www.example" or "WWW.Example" or "www" or ".";
        DomainName[] signed = [.. wanted.Concat(findsSigned ? [Name("www.example.test")] : []).Order()];
        Expect.Equal(signed, (await Answer.ReadAsync(store, query with { Types = TypeSelection.AnyDnssec })).Rows.Select(row => row.RrName));
        Expect.Equal(wanted.Concat(signed).Order(), (await Answer.ReadAsync(store, query with { Types = TypeSelection.All })).Rows.Select(row => row.RrName));
    }

    /// <summary>Few names, many names and names with many rows that begin with some labels, in several versions, with every filter, and in parts.</summary>
    private async Task ANamePrefixFindsWhatAWalkOverEverythingFinds(int? limit)
    {
        IObservationStore store = await NewStoreAsync();
        string[] suffixes = ["com", "net", "example.org", "a.example.org", "co.test"];
        for (ulong sequence = 1; sequence <= 3; sequence++)
        {
            BatchBuilder rows = new();
            for (int i = 0; i < 900; i++)
            {
                string first = i % 40 == 0 ? "rare" : i % 3 == 0 ? "mail" : $"h{i * 37 % 400}", suffix = suffixes[(i + (int)sequence) % suffixes.Length];
                long seen = ((int)sequence * 20 + i % 30) * Day;
                rows.Add($"{first}.d{i % 7}.{suffix}", i % 5 == 0 ? "DS" : "TXT", i % 5 == 0 ? "1 13 99 00" : "\"x\"", seen, bailiwick: suffix);
                if (i % 60 == 0) rows.Add($"mail.d{i % 7}.{suffix}", "A", [[10, 0, (byte)sequence, (byte)(i / 60)]], seen);
            }

            for (int i = 0; i < 300; i++) rows.Add("mail.busy.example", "A", [[10, (byte)sequence, (byte)(i >> 8), (byte)i]], 60 * Day);
            await store.WriteAsync(rows.Build(sequence), cancellationToken);
            if (sequence == 1) await CompactAsync(store);
        }

        List<Observation> all = (await Answer.ReadAsync(store, s_everything with { Types = TypeSelection.All }, cancellationToken)).Rows;
        foreach (string labels in new[] { "rare", "rare.d3", "mail", "mail.d3", "mail.d3.a", "mail.busy", "mail.busy.example", "h5", "h74.d2.example.org", "nobody", "mail.nobody" })
        {
            ObservationQuery prefix = new(new QueryAnchor.NamePrefix(Name(labels))) { Limit = limit };
            await CompareAsync(prefix, row => !row.Type.IsDnssec());
            await CompareAsync(prefix with { Types = TypeSelection.All }, _ => true);
            await CompareAsync(prefix with { Types = TypeSelection.Of(RecordType.DS, RecordType.A) }, row => row.Type is RecordType.DS or RecordType.A);
            await CompareAsync(prefix with { Bailiwick = Name("example.org") }, row => !row.Type.IsDnssec() && row.Bailiwick == Name("example.org"));
            await CompareAsync(prefix with { Time = new() { FirstAfter = 62 * Day } }, row => !row.Type.IsDnssec() && row.History.FirstSeen >= 62 * Day);
            await CompareAsync(prefix with { Time = new() { LastBefore = 41 * Day, FirstAfter = 30 * Day } }, row => !row.Type.IsDnssec() && row.History.LastSeen <= 41 * Day && row.History.FirstSeen >= 30 * Day);
        }

        async Task CompareAsync(ObservationQuery query, Func<Observation, bool> keeps)
        {
            string labels = ((QueryAnchor.NamePrefix)query.Anchor).Labels.ToString();
            List<Observation> walked = [];
            Answer part;
            do
            {
                part = await Answer.ReadAsync(store, query, cancellationToken);
                Expect.True(part.Rows.Count <= (query.Limit ?? int.MaxValue));
                walked.AddRange(part.Rows);
                query = query with { Continuation = part.Continuation };
            }
            while (part.Continuation is not null);
            Expect.Equal(Completeness.Exact, part.Completeness);
            Expect.Equal(all.Where(row => row.RrName.ToString().StartsWith(labels, StringComparison.Ordinal) && keeps(row)), walked);
        }
    }
}
