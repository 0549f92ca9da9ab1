namespace PassiveDns.Capture;

/// <summary>What a reply means for the walk. Nothing is believed that the server does not speak for: referrals lead down, glue lies in its zone.</summary>
internal sealed class ReplyReading
{
    private const int MaxAliases = 8;

    private ReplyReading(Meaning meaning) => What = meaning;

    /// <summary>The meanings.</summary>
    public enum Meaning
    {
        /// <summary>The server speaks for the name: here is the answer, or that there is none.</summary>
        Answer,

        /// <summary>The name is an alias of <see cref="Next"/>.</summary>
        Alias,

        /// <summary>Ask the servers of <see cref="Next"/>.</summary>
        Referral,

        /// <summary>The server does not speak for the zone.</summary>
        Lame,

        /// <summary>It cannot be read.</summary>
        Malformed,
    }

    public Meaning What { get; }

    /// <summary>The zone of a referral, or the end of a chain of aliases.</summary>
    public DomainName Next { get; private init; }

    /// <summary>The names of the servers of a referral.</summary>
    public IReadOnlyList<DomainName> ServerNames { get; private init; } = [];

    /// <summary>Addresses: in an answer those of the name asked for, in a referral those of its servers.</summary>
    public IReadOnlyList<HostAddress> Addresses { get; private init; } = [];

    /// <summary>The TTL of a referral, in seconds.</summary>
    public uint TimeToLive { get; private init; }

    /// <summary>Reads a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="question">What was asked.</param>
    /// <param name="zone">The zone in whose name the server was asked.</param>
    public static ReplyReading Of(ReadOnlySpan<byte> reply, WatchedName question, DomainName zone)
    {
        List<(DnsSection Section, DomainName Owner, RecordType Type, uint TimeToLive, byte[] Data)> records = [];
        DnsReader reader = new(reply);
        byte[] canonical = new byte[RecordData.MaxLength];
        while (reader.Read())
        {
            if (reader.Section == DnsSection.Question || reader.Class != RecordClass.IN) continue;
            if (reader.Type is not (RecordType.NS or RecordType.CNAME or RecordType.A or RecordType.AAAA) && reader.Type != question.Type) continue;
            if (RecordData.Canonicalize(reply, reader.DataOffset, reader.Data.Length, reader.Type, canonical, out int length) == RdataStatus.Malformed) continue;
            records.Add((reader.Section, reader.Name.ToDomainName(), reader.Type, reader.TimeToLive, canonical[..length]));
        }

        if (reader.Error != DnsError.None) return new(Meaning.Malformed);
        if (reader.ExtendedResponseCode is not (ResponseCode.NoError or ResponseCode.NameError)) return new(Meaning.Lame);
        if (reader.Header.IsAuthoritative)
        {
            DomainName end = question.Name;
            for (int aliases = 0; question.Type != RecordType.CNAME && aliases < MaxAliases; aliases++)
            {
                int link = records.FindIndex(r => r.Section == DnsSection.Answer && r.Type == RecordType.CNAME && r.Owner == end);
                if (link < 0 || !DomainName.TryFromWire(records[link].Data, out end)) break;
            }

            var found = records.Where(r => r.Section == DnsSection.Answer && r.Owner == end && r.Type == question.Type).ToList();
            bool isAlias = end != question.Name && found.Count == 0;
            return new(isAlias ? Meaning.Alias : Meaning.Answer) { Next = end, Addresses = Hosts(found.Select(r => (r.Type, r.Data))) };
        }

        // A referral that does not lead down to the name is none: so walks end (RFC 1034 section 5.3.3).
        int first = records.FindIndex(r => r.Section == DnsSection.Authority && r.Type == RecordType.NS
            && r.Owner.LabelCount > zone.LabelCount && r.Owner.IsAtOrUnder(zone) && question.Name.IsAtOrUnder(r.Owner));
        if (first < 0 || reader.Header.AnswerCount > 0) return new(Meaning.Lame);
        DomainName child = records[first].Owner;
        List<DomainName> names = [];
        foreach (var record in records.Where(r => r.Section == DnsSection.Authority && r.Type == RecordType.NS && r.Owner == child))
        {
            if (DomainName.TryFromWire(record.Data, out DomainName name) && !names.Contains(name)) names.Add(name);
        }

        var glue = records.Where(r => r.Section == DnsSection.Additional && names.Contains(r.Owner) && r.Owner.IsAtOrUnder(zone));
        return new(Meaning.Referral)
        {
            Next = child,
            ServerNames = names,
            TimeToLive = records[first].TimeToLive,
            Addresses = Hosts(glue.Select(r => (r.Type, r.Data))),
        };
    }

    private static List<HostAddress> Hosts(IEnumerable<(RecordType Type, byte[] Data)> records) =>
        [.. records.Where(r => (r.Type, r.Data.Length) is (RecordType.A, 4) or (RecordType.AAAA, 16)).Select(r => HostAddress.FromBytes(r.Data)).Distinct()];
}
