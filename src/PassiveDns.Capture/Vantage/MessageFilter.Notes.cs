using System.Globalization;

namespace PassiveDns.Capture;

internal sealed partial class MessageFilter
{
    /// <summary>Sentences for the summary. They hold numbers, never an address.</summary>
    /// <param name="badChecksums">How many responses were dropped for their checksum.</param>
    public IReadOnlyList<string> GetNotes(long badChecksums)
    {
        List<string> notes = [];
        if (Fates.Total > 0 && !_vantage.IsConfigured) AddInference(notes);
        if (Fates.Total > 0 && _vantage.IsConfigured && Fates.Total == Fates[MessageFate.RefusedOtherHosts])
        {
            notes.Add("None of the configured resolver addresses occurs in this traffic, so nothing was taken: check the addresses.");
        }

        if (badChecksums > 100 && badChecksums > Fates[MessageFate.Observed] + Fates[MessageFate.Held])
        {
            notes.Add(Format($"{badChecksums:N0} responses have a wrong UDP checksum, more than were taken. ")
                + "If this was captured on the answering server's own host, set Vantage.VerifyUdpChecksums to false.");
        }

        if (_releasedEarly > 0)
        {
            notes.Add(Format($"{_releasedEarly:N0} responses were released before their contest window was over, ")
                + "because Vantage.MaxHeldOctets was used up.");
        }

        return notes;
    }

    private void AddInference(List<string> notes)
    {
        (int v4, int v6) = (_vantage.InferredV4, _vantage.InferredV6);
        notes.Add(v4 + v6 == 0
            ? "No resolver addresses were given, and nobody gets answers to queries without RD from port 53 here: "
                + "this looks like traffic between clients and their resolver, so nothing was taken."
            : Format($"No resolver addresses were given: took {v4 + v6:N0} {(v4 + v6 == 1 ? "address" : "addresses")} ({v4:N0} IPv4, {v6:N0} IPv6) ")
                + "for resolvers because they get answers to queries without RD from port 53.");
        if (Fates[MessageFate.RefusedRecursionDesired] is > 0 and long stubs)
        {
            notes.Add(Format($"Refused {stubs:N0} messages with RD (stub or forwarder to resolver)."));
        }

        if (Fates[MessageFate.RefusedRecursiveServer] is > 0 and long recursive)
        {
            notes.Add(Format($"Refused {recursive:N0} responses of servers that offer recursion, which may speak from a cache to a client; ")
                + "give the resolvers' addresses to decide by them instead.");
        }
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
