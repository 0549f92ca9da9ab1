using System.Globalization;

namespace PassiveDns.Tests.Differential;

/// <summary>Knot DNS: knotd serves the zone on the loopback address, kdig transfers and prints it.</summary>
internal sealed class KnotPeer : ZonePeer
{
    public override string Name => "Knot";

    public override IReadOnlyDictionary<RecordType, string> Exceptions { get; } = UnknownTo("Knot 3.2", RecordType.MD, RecordType.MF, RecordType.MB,
        RecordType.MG, RecordType.MR, RecordType.WKS, RecordType.X25, RecordType.ISDN, RecordType.PX, RecordType.GPOS, RecordType.SIG, RecordType.NXT,
        RecordType.HIP, RecordType.NINFO, RecordType.RKEY, RecordType.TALINK, RecordType.AVC, RecordType.DOA, RecordType.AMTRELAY, RecordType.RESINFO,
        RecordType.WALLET, RecordType.CLA, RecordType.IPN, RecordType.TA, RecordType.DLV, RecordType.DSYNC, RecordType.HHIT, RecordType.BRID,
        RecordType.NSAP, RecordType.NSAP_PTR, RecordType.EID, RecordType.NIMLOC, RecordType.ATMA, RecordType.A6, RecordType.SINK);

    public override IReadOnlyDictionary<string, string> TextExceptions { get; } = new Dictionary<string, string>
    {
        ["A 8 2 0 1577836800 1041379200 1 Foo.Example. AQID"] = "folds the signer's name, which RFC 4034 section 6.2 says and no signer does",
    };

    protected override Dictionary<int, byte[]>? Process(string directory, string file, IReadOnlyList<PeerRecord> records, bool octets, out string errors)
    {
        string check = ExternalTool.Require("kzonecheck", "knot-dnssecutils");
        string server = ExternalTool.Require("knotd", "knot");
        string client = ExternalTool.Require("kdig", "knot-dnsutils");
        (int code, string said, string more) = ExternalTool.Run(check, "-v", "-o", PeerRecord.Zone, file);
        errors = said + more;
        if (code != 0 && errors.Contains("line ", StringComparison.Ordinal)) return null;
        using KnotServer knotd = new(server, directory, file);
        for (int attempt = 0; attempt < 100 && knotd.IsRunning; attempt++)
        {
            string[] question = ["@127.0.0.1", "-p", knotd.Port.ToString(CultureInfo.InvariantCulture), "+retry=0", "+timeout=1", PeerRecord.Zone, "AXFR"];
            (code, string text, more) = ExternalTool.Run(client, octets ? [.. question, "+generic"] : question);
            if (code == 0 && text.Contains("ns.v.example.", StringComparison.Ordinal))
                return octets ? PeerRecord.ReadGeneric(text) : PeerRecord.ReadText(text);
            knotd.Wait();
        }

        errors = $"knotd serves nothing: {more} {knotd.End()}";
        return null;
    }
}
