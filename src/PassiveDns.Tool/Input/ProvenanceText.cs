using PassiveDns.Storage;

namespace PassiveDns.Tool.Input;

/// <summary>Kinds of provenance as people write them.</summary>
internal static class ProvenanceText
{
    /// <summary>All words, for help texts and messages.</summary>
    public const string Words = "trusted, all, verified, stated, estimated, unverified, zone, probe";

    /// <summary>Reads a list with commas; the words that exports use are understood too.</summary>
    /// <param name="text">The list.</param>
    /// <param name="selection">The kinds.</param>
    /// <param name="bad">The word that is none when the result is <c>false</c>.</param>
    public static bool TryParse(string text, out ProvenanceSelection selection, out string bad)
    {
        selection = ProvenanceSelection.None;
        bad = "";
        foreach (string word in text.Split(','))
        {
            bad = word;
            ProvenanceSelection one = word.Trim().ToLowerInvariant() switch
            {
                "trusted" => ProvenanceSelection.Trusted,
                "all" => ProvenanceSelection.All,
                "verified" or "verified-traffic" => ProvenanceSelection.VerifiedTraffic,
                "stated" or "resolver-stated" => ProvenanceSelection.ResolverStated,
                "estimated" => ProvenanceSelection.Estimated,
                "unverified" => ProvenanceSelection.Unverified,
                "zone" or "zone-file" => ProvenanceSelection.ZoneFile,
                "probe" => ProvenanceSelection.Probe,
                _ => ProvenanceSelection.None,
            };
            if (one == ProvenanceSelection.None) return false;
            selection |= one;
        }

        return true;
    }

    /// <summary>The word for one kind.</summary>
    /// <param name="provenance">The kind.</param>
    public static string Format(Provenance provenance) => provenance switch
    {
        Provenance.VerifiedTraffic => "verified",
        Provenance.ResolverStated => "stated",
        Provenance.Estimated => "estimated",
        Provenance.Unverified => "unverified",
        Provenance.ZoneFile => "zone",
        Provenance.Probe => "probe",
        _ => provenance.ToString(),
    };
}
