using System.Buffers.Binary;

namespace PassiveDns.Storage.Privacy;

/// <summary>
/// Cuts what carries secrets out of names before they are stored: <c>alice\@mail.example.tracker.test</c> becomes <c>*.tracker.test</c>. Owner names and names
/// in data are treated alike; rows that become equal are merged by <see cref="SightingMerge"/>.
/// </summary>
/// <remarks>
/// The signature of a set whose names were cut does not fit it any more, and a set may have fewer records than was answered. A batch without a secret passes
/// as it is. One thread at a time may call <see cref="Apply"/>; <see cref="GetReport"/> may be called from another.
/// </remarks>
public sealed class NameRedaction
{
    private const RecordType Nsec3 = (RecordType)50;

    private readonly SecretName _secrets;
    private readonly Tally<RedactionRule> _owners = new();
    private readonly Tally<RedactionRule> _data = new();
    private readonly byte[] _rdata = new byte[RecordData.MaxLength];
    private long _merged;

    /// <summary>Makes the rules ready.</summary>
    /// <param name="options">Which names carry secrets.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a pattern cannot be used; the message names it.</exception>
    public NameRedaction(RedactionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _secrets = new(options);
    }

    /// <summary>What was cut so far.</summary>
    public RedactionReport GetReport()
    {
        List<StageCount> account = [.. _owners.ToAccount("owner-names", _ => false), .. _data.ToAccount("data-names", _ => false)];
        for (int i = 0; i < account.Count; i++)
        {
            if (account[i].Fate == "none") account[i] = account[i] with { Fate = "kept" };
        }

        return new() { RowsIn = _owners.Total, RowsMerged = Volatile.Read(ref _merged), Account = account };
    }

    /// <summary>Finds the rule that the owner name of a row falls under, without counting.</summary>
    /// <param name="row">The row.</param>
    public RedactionRule FindRule(scoped in ObservationRow row) => _secrets.Find(row.RrName, row.BailiwickLabels, IsDigest(row), out _);

    /// <summary>Cuts the names of a batch.</summary>
    /// <param name="batch">The batch; it is not changed.</param>
    /// <returns>The batch itself if nothing had to be cut; else another one with the same id.</returns>
    public ObservationBatch Apply(ObservationBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        RedactedRows? rows = null;
        int before = 0;
        byte[] wildcard = new byte[DomainName.MaxWireLength];
        foreach (ObservationRow row in batch.Rows)
        {
            RedactionRule rule = _secrets.Find(row.RrName, row.BailiwickLabels, IsDigest(row), out int keep);
            _owners.Count(rule);
            byte[]? rdata = RedactData(row);
            if (rows is null && (rule != RedactionRule.None || rdata is not null)) rows = StartAt(batch, before);
            if (rows is null)
            {
                before++;
                continue;
            }

            rows.Add(Redacted(row, rule, keep, rdata, wildcard));
        }

        if (rows is null) return batch;
        ObservationRows redacted = rows.ToRows();
        Volatile.Write(ref _merged, _merged + batch.Rows.Count - redacted.Count);
        return new(batch.Id, redacted);
    }

    private static ObservationRow Redacted(ObservationRow row, RedactionRule rule, int keep, byte[]? rdata, byte[] wildcard)
    {
        ReadOnlySpan<byte> name = row.RrName;
        int bailiwick = row.BailiwickLabels;
        if (rule != RedactionRule.None)
        {
            int length = WriteWildcard(name[^keep..], wildcard);
            name = wildcard.AsSpan(0, length);
            bailiwick = Math.Min(bailiwick, LabelsOf(name) - 1); // the zone, or what is left of it
        }

        return new()
        {
            RrName = name,
            Type = row.Type,
            BailiwickLabels = (byte)bailiwick,
            Provenance = row.Provenance,
            Rdata = rdata is null ? row.Rdata : new(rdata),
            History = row.History,
        };
    }

    private static RedactedRows StartAt(ObservationBatch batch, int count)
    {
        RedactedRows rows = new();
        foreach (ObservationRow row in batch.Rows)
        {
            if (count-- == 0) break;
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The owner of NSEC3, and of its signatures, starts with a digest by design (RFC 5155 section 3).</summary>
    private static bool IsDigest(scoped in ObservationRow row)
    {
        if (row.Type == Nsec3) return true;
        if (row.Type != RecordType.RRSIG) return false;
        RdataSet.Enumerator records = row.Rdata.GetEnumerator();
        return records.MoveNext() && records.Current.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(records.Current) == (ushort)Nsec3;
    }

    /// <returns>The set with its names cut, or <c>null</c> if none had to be.</returns>
    private byte[]? RedactData(scoped in ObservationRow row)
    {
        bool isChanged = false;
        List<byte[]>? records = null;
        int number = 0;
        foreach (ReadOnlySpan<byte> record in row.Rdata)
        {
            bool isReplaced = RecordData.TryReplaceNames(row.Type, record, ReplaceName, _rdata, out int written);
            if (isReplaced && records is null) records = FirstRecords(row.Rdata, number);
            records?.Add(isReplaced ? _rdata[..written] : record.ToArray());
            isChanged |= isReplaced;
            number++;
        }

        return isChanged ? Pack(records!) : null;
    }

    private int ReplaceName(ReadOnlySpan<byte> name, Span<byte> replacement)
    {
        RedactionRule rule = _secrets.Find(name, bailiwickLabels: -1, isDigest: false, out int keep);
        if (rule == RedactionRule.None) return 0;
        _data.Count(rule);
        return WriteWildcard(name[^keep..], replacement);
    }

    private static List<byte[]> FirstRecords(RdataSet set, int count)
    {
        List<byte[]> records = [];
        foreach (ReadOnlySpan<byte> record in set)
        {
            if (count-- == 0) break;
            records.Add(record.ToArray());
        }

        return records;
    }

    private static byte[] Pack(List<byte[]> records)
    {
        byte[] arena = [.. records.SelectMany(record => record)];
        (int Offset, int Length)[] places = new (int, int)[records.Count];
        int at = 0;
        for (int i = 0; i < places.Length; at += records[i++].Length) places[i] = (at, records[i].Length);
        byte[] packed = new byte[arena.Length + 2 * records.Count];
        return packed[..RdataSet.Pack(arena, places, packed)];
    }

    /// <summary>An asterisk and what is left of a name, which was longer by an octet at least: so there is room.</summary>
    private static int WriteWildcard(ReadOnlySpan<byte> rest, Span<byte> destination)
    {
        destination[0] = 1;
        destination[1] = (byte)'*';
        rest.CopyTo(destination[2..]);
        return rest.Length + 2;
    }

    private static int LabelsOf(ReadOnlySpan<byte> name)
    {
        int labels = 0;
        for (int at = 0; name[at] != 0; at += name[at] + 1) labels++;
        return labels;
    }
}
