using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>What is known of a table as a whole.</summary>
/// <param name="FirstKey">Its first key.</param>
/// <param name="LastKey">Its last key.</param>
/// <param name="Entries">How many entries each keyspace has, by the keyspace's number less one.</param>
internal sealed record TableFacts(byte[] FirstKey, byte[] LastKey, long[] Entries)
{
    /// <summary>The keyspaces that tables can hold.</summary>
    public const int Keyspaces = (int)Keyspace.Dnssec;

    /// <summary>Whether the RRset rows of DNSSEC types stand among the others, as they did before they had a keyspace of their own.</summary>
    public bool IsMixed { get; init; }

    /// <summary>Whether the filter knows the stems of the keys, too (see <see cref="KeyHead.MeasureStem"/>).</summary>
    public bool HasStems { get; init; }

    /// <summary>RRset rows of all types.</summary>
    public long Rows => Entries[(int)Keyspace.Rrsets - 1] + Entries[(int)Keyspace.Dnssec - 1];

    public long Count => Entries.Sum();

    /// <summary>What of the table a walk through a keyspace shows.</summary>
    public RrsetPart PartOf(Keyspace keyspace) => !IsMixed ? RrsetPart.All : keyspace == Keyspace.Dnssec ? RrsetPart.Dnssec : RrsetPart.Others;
}
