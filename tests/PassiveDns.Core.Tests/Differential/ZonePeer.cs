using System.Globalization;
using System.Text.RegularExpressions;

namespace PassiveDns.Tests.Differential;

/// <summary>A program of others that reads zone files. It may refuse records: how many of each type it took is for the tests to judge.</summary>
internal abstract partial class ZonePeer
{
    public abstract string Name { get; }

    /// <summary>Types it does not know by name, or not as the others do, and why.</summary>
    public abstract IReadOnlyDictionary<RecordType, string> Exceptions { get; }

    /// <summary>Texts among the vectors that it reads in a way of its own, and why.</summary>
    public virtual IReadOnlyDictionary<string, string> TextExceptions { get; } = new Dictionary<string, string>();

    /// <summary>Types whose text as it writes it is not for us to read, and why.</summary>
    public virtual IReadOnlyDictionary<RecordType, string> WrittenExceptions { get; } = new Dictionary<RecordType, string>();

    /// <summary>Whether it can show what it understood as octets.</summary>
    public virtual bool ShowsOctets => true;

    /// <summary>What it understands the texts of records as, in octets.</summary>
    public Dictionary<int, byte[]> ToOctets(IReadOnlyList<PeerRecord> records) => Process(records, octets: true);

    /// <summary>What it understands the texts of records as: its own text, read by the reader of this project.</summary>
    public Dictionary<int, byte[]> ToTextAndBack(IReadOnlyList<PeerRecord> records) => Process(records, octets: false);

    /// <summary>Makes the program read a zone file and write it again.</summary>
    /// <returns><c>null</c> if it refuses; <paramref name="errors"/> then names the lines.</returns>
    protected abstract Dictionary<int, byte[]>? Process(string directory, string file, IReadOnlyList<PeerRecord> records, bool octets, out string errors);

    protected static Dictionary<RecordType, string> UnknownTo(string program, params RecordType[] types) =>
        types.ToDictionary(type => type, _ => $"unknown to {program}");

    private Dictionary<int, byte[]> Process(IReadOnlyList<PeerRecord> records, bool octets)
    {
        string directory = Directory.CreateTempSubdirectory("passivedns-peer-").FullName;
        try
        {
            List<PeerRecord> accepted = [.. records];
            while (true)
            {
                string file = Path.Combine(directory, "v.zone");
                File.WriteAllText(file, PeerRecord.ZoneText(accepted), System.Text.Encoding.Latin1);
                Dictionary<int, byte[]>? data = Process(directory, file, accepted, octets, out string errors);
                if (data is not null) return data;
                int[] refused = [.. LineNumber().Matches(errors)
                    .Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - PeerRecord.FirstLine)
                    .Where(index => index >= 0 && index < accepted.Count).Distinct().OrderDescending()];
                Assert.True(refused.Length > 0, $"{Name} refuses the zone and names no line: {errors}");
                foreach (int index in refused) accepted.RemoveAt(index);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [GeneratedRegex(@"(?:\.zone:|line )(\d+)")]
    private static partial Regex LineNumber();
}
