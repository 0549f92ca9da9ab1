using System.Globalization;
using System.Text;

namespace PassiveDns.Tests.Differential;

/// <summary>A record on its way to a program of others: its number is in its owner name.</summary>
internal sealed record PeerRecord(int Number, RecordType Type, string Text)
{
    public const string Zone = "v.example";

    private const string Head = "$ORIGIN v.example.\n$TTL 300\n@ IN SOA ns.v.example. host.v.example. 1 2 3 4 5\n@ IN NS ns.v.example.\nns IN A 192.0.2.53\n";

    /// <summary>The line of <see cref="ZoneText"/> on which the first record stands, from 1.</summary>
    public const int FirstLine = 6;

    /// <summary>A zone file, each record on a line of its own.</summary>
    public static string ZoneText(IEnumerable<PeerRecord> records)
    {
        StringBuilder zone = new(Head);
        foreach (PeerRecord record in records)
            zone.Append(CultureInfo.InvariantCulture, $"r{record.Number}.v.example. 300 IN {RecordTypeNames.Format(record.Type)} {record.Text}\n");
        return zone.ToString();
    }

    /// <summary>The number in an owner name, or -1.</summary>
    public static int NumberOf(string owner) =>
        owner.StartsWith('r') && int.TryParse(owner.AsSpan(1, Math.Max(0, owner.IndexOf('.', StringComparison.Ordinal) - 1)), out int number) ? number : -1;

    /// <summary>Reads what a program wrote as a zone file, with the reader of this project.</summary>
    public static Dictionary<int, byte[]> ReadText(string text)
    {
        Dictionary<int, byte[]> data = [];
        ZoneReader reader = new(Tests.ZoneText.Pipe(Encoding.Latin1.GetBytes(text)), DomainName.Parse(Zone));
        while (Tests.ZoneText.Next(reader))
        {
            Assert.True(DomainName.TryFromWire(reader.Owner, out DomainName owner));
            if (NumberOf(owner.ToString()) is >= 0 and int number) data[number] = reader.Rdata.ToArray();
        }

        Assert.True(reader.Report.Faults.Count == 0, $"{string.Join(", ", reader.Report.Faults)} in\n{Excerpt(text, reader.Report.Faults)}");
        return data;
    }

    /// <summary>Reads lines of the form "owner TTL class type \# length hex" (RFC 3597 section 5), without the reader of this project.</summary>
    public static Dictionary<int, byte[]> ReadGeneric(string text)
    {
        Dictionary<int, byte[]> data = [];
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            int mark = Array.IndexOf(words, @"\#");
            if (mark < 4 || NumberOf(words[0]) < 0) continue;
            byte[] octets = Convert.FromHexString(string.Concat(words[(mark + 2)..].TakeWhile(word => !word.StartsWith(';'))));
            Assert.Equal(int.Parse(words[mark + 1], CultureInfo.InvariantCulture), octets.Length);
            data[NumberOf(words[0])] = octets;
        }

        return data;
    }

    private static string Excerpt(string text, IReadOnlyList<ZoneFault> faults)
    {
        string[] lines = text.Split('\n');
        return string.Join('\n', faults.Select(fault => lines[fault.Line - 1]));
    }
}
