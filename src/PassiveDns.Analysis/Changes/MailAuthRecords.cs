using System.Text;

namespace PassiveDns.Analysis;

/// <summary>Which TXT records say who may send mail for a name, and what receivers should do: by their place and their first words.</summary>
internal static class MailAuthRecords
{
    private static readonly byte[][] s_labels = [.. new[] { "_domainkey", "_dmarc", "_mta-sts", "_smtp", "_bimi" }.Select(Encoding.ASCII.GetBytes)];
    private static readonly byte[][] s_words = [.. new[] { "v=spf1", "v=DKIM1", "v=DMARC1", "v=STSv1", "v=TLSRPTv1", "v=BIMI1" }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Whether such records differ between two sets of TXT records of a name.</summary>
    public static bool Differ(DomainName name, RrsetState? before, RrsetState? after)
    {
        bool isTheirPlace = IsTheirPlace(name);
        HashSet<Rdata> mine = Records(before, isTheirPlace), theirs = Records(after, isTheirPlace);
        return !mine.SetEquals(theirs);
    }

    private static HashSet<Rdata> Records(RrsetState? state, bool isTheirPlace) => state is null ? [] : [.. state.Values.Where(value => isTheirPlace || SaysSo(value.Canonical))];

    private static bool IsTheirPlace(DomainName name)
    {
        ReadOnlySpan<byte> wire = name.Wire;
        for (int at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            ReadOnlySpan<byte> label = wire.Slice(at + 1, wire[at]);
            foreach (byte[] place in s_labels)
            {
                if (label.SequenceEqual(place)) return true;
            }
        }

        return false;
    }

    private static bool SaysSo(ReadOnlySpan<byte> rdata)
    {
        if (rdata.IsEmpty) return false;
        ReadOnlySpan<byte> text = rdata[1..]; // behind the length of the first character-string (RFC 1035 section 3.3.14)
        foreach (byte[] word in s_words)
        {
            if (text.Length >= word.Length && Ascii.EqualsIgnoreCase(text[..word.Length], word)) return true;
        }

        return false;
    }
}
