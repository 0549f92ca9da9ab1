namespace PassiveDns.Tests.Differential;

/// <summary>NSD: nsd-checkzone, which prints a zone as text only.</summary>
internal sealed class NsdPeer : ZonePeer
{
    public override string Name => "NSD";

    public override bool ShowsOctets => false;

    public override IReadOnlyDictionary<RecordType, string> Exceptions { get; } = UnknownTo("NSD 4.6", RecordType.MD, RecordType.MF, RecordType.MB,
        RecordType.GPOS, RecordType.HIP, RecordType.NINFO, RecordType.RKEY, RecordType.TALINK, RecordType.DSYNC, RecordType.HHIT, RecordType.BRID,
        RecordType.DOA, RecordType.AMTRELAY, RecordType.RESINFO, RecordType.WALLET, RecordType.CLA, RecordType.IPN, RecordType.TA,
        RecordType.NSAP_PTR, RecordType.EID, RecordType.NIMLOC, RecordType.ATMA, RecordType.A6, RecordType.SINK)
        .Append(new(RecordType.SPF, "keeps the first string only")).ToDictionary();

    public override IReadOnlyDictionary<RecordType, string> WrittenExceptions { get; } = new Dictionary<RecordType, string>
    {
        [RecordType.WKS] = "writes the names that services have on its host",
    };

    protected override Dictionary<int, byte[]>? Process(string directory, string file, IReadOnlyList<PeerRecord> records, bool octets, out string errors)
    {
        string path = ExternalTool.Require("nsd-checkzone", "nsd");
        (int code, string output, errors) = ExternalTool.Run(path, "-p", PeerRecord.Zone, file);
        return code == 0 ? PeerRecord.ReadText(output) : null;
    }
}
