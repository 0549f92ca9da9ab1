namespace PassiveDns.Tests.Differential;

/// <summary>ldns: ldns-read-zone, which writes text, with <c>-u</c> in the form of RFC 3597.</summary>
internal sealed class LdnsPeer : ZonePeer
{
    public override string Name => "ldns";

    public override IReadOnlyDictionary<RecordType, string> Exceptions { get; } = UnknownTo("ldns 1.8", RecordType.NXT, RecordType.NINFO,
        RecordType.RKEY, RecordType.AVC, RecordType.DOA, RecordType.AMTRELAY, RecordType.RESINFO, RecordType.WALLET, RecordType.CLA, RecordType.IPN,
        RecordType.TA, RecordType.DSYNC, RecordType.HHIT, RecordType.BRID, RecordType.A6, RecordType.SINK)
        .Append(new(RecordType.NSAP_PTR, "reads a string where RFC 1706 section 6 has a name"))
        .Append(new(RecordType.ATMA, "reads a format of its own")).ToDictionary();

    public override IReadOnlyDictionary<string, string> TextExceptions { get; } = new Dictionary<string, string>
    {
        [@"16 foo.example.org. alpn=""f\\\\oo\\,bar,h2"""] = "leaves the second stage of escapes; RFC 9460 appendix D.2 says what BIND and we read",
        [@"16 foo.example.org. alpn=f\\\092oo\092,bar,h2"] = "likewise",
    };

    public override IReadOnlyDictionary<RecordType, string> WrittenExceptions { get; } = new Dictionary<RecordType, string>
    {
        [RecordType.WKS] = "writes the names that services have on its host",
    };

    protected override Dictionary<int, byte[]>? Process(string directory, string file, IReadOnlyList<PeerRecord> records, bool octets, out string errors)
    {
        string path = ExternalTool.Require("ldns-read-zone", "ldnsutils");
        string[] generic = octets
            ? [.. records.Select(record => record.Type).Distinct().Where(type => type.IsNamed() && !Exceptions.ContainsKey(type))
                .SelectMany(type => (string[])["-u", RecordTypeNames.Format(type)])]
            : [];
        (int code, string output, errors) = ExternalTool.Run(path, [.. generic, file]);
        if (code != 0 || errors.Contains("rror", StringComparison.Ordinal)) return null;
        return octets ? PeerRecord.ReadGeneric(output) : PeerRecord.ReadText(output);
    }
}
