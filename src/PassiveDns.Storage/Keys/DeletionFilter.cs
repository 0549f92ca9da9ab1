using System.Collections.Frozen;

namespace PassiveDns.Storage.Keys;

/// <summary>
/// Deletions made ready to be held against rows: the one place that says what a deletion does to a row. For authors of stores: judge each
/// row that is written and, until they have been rewritten, each that is read. It may be used by several threads.
/// </summary>
/// <remarks>
/// A row goes through all deletions that are about it, in the order of their ids, so that stores with the same ledger judge alike. Names are compared by
/// digest; 16 cheap bits of each ancestor decide nearly always that no digest need be computed.
/// </remarks>
public sealed class DeletionFilter
{
    private const int CheckWords = 1 << 10;

    private readonly Deletion[] _deletions;
    private readonly ulong[] _checks = new ulong[CheckWords];
    private readonly int[] _depths;
    private readonly FrozenDictionary<(int Labels, UInt128 Digest), int[]> _subtrees;
    private readonly int[] _general;

    /// <summary>Makes a filter.</summary>
    /// <param name="deletions">The deletions.</param>
    public DeletionFilter(IEnumerable<Deletion> deletions)
    {
        _deletions = [.. deletions.OrderBy(deletion => deletion.Id)];
        _depths = [.. _deletions.Where(deletion => deletion.IsOfSubtree).Select(deletion => deletion.SubtreeLabels).Distinct().Order()];
        _subtrees = Enumerable.Range(0, _deletions.Length).Where(i => _deletions[i].IsOfSubtree)
            .GroupBy(i => (_deletions[i].SubtreeLabels, _deletions[i].SubtreeDigest)).ToFrozenDictionary(group => group.Key, group => group.ToArray());
        _general = [.. Enumerable.Range(0, _deletions.Length).Where(i => !_deletions[i].IsOfSubtree)];
        foreach (Deletion deletion in _deletions.Where(deletion => deletion.IsOfSubtree)) _checks[deletion.SubtreeCheck >> 6] |= 1UL << deletion.SubtreeCheck;
        NeedsData = Array.Exists(_deletions, deletion => deletion.IncludeTargets);
    }

    /// <summary>Whether there are no deletions, so that nothing need be judged.</summary>
    public bool IsEmpty => _deletions.Length == 0;

    /// <summary>Whether the data of a row can matter; else an empty set may be handed in for it.</summary>
    public bool NeedsData { get; }

    /// <summary>Says what becomes of a row.</summary>
    /// <param name="row">The row. One whose name or history is malformed is kept: others find it and say so.</param>
    /// <param name="intervalGap">The store's interval gap.</param>
    /// <param name="history">The new history if the row is changed; else <c>null</c>.</param>
    public RowFate Judge(scoped in ObservationRow row, TimeSpan intervalGap, out byte[]? history)
    {
        history = null;
        List<int>? about = null;
        if (_subtrees.Count > 0)
        {
            FindAbout(row.RrName, isTarget: false, ref about);
            if (NeedsData) FindAboutTargets(row, ref about);
        }

        if (about is null && _general.Length == 0) return RowFate.Kept;
        SightingHistory? cut = null;
        foreach (int i in (about ?? []).Concat(_general).Distinct().Order())
        {
            if (cut is null && !MayTouch(_deletions[i], row.History)) continue;
            if (cut is null && !SightingCodec.TryDecode(row.History, out cut)) return RowFate.Kept;
            cut = HistoryCut.Apply(_deletions[i], cut!, intervalGap);
            if (cut is null) return RowFate.Removed;
        }

        if (cut is null) return RowFate.Kept;
        history = SightingCodec.Encode(cut);
        if (!row.History.SequenceEqual(history)) return RowFate.Changed;
        history = null;
        return RowFate.Kept;
    }

    /// <summary>Judges the rows of a batch that is about to be written.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="intervalGap">The store's interval gap.</param>
    /// <param name="refused">How many rows are left out.</param>
    /// <returns>The same batch if all of its rows stay as they are; else one with what is left.</returns>
    public ObservationBatch Sift(ObservationBatch batch, TimeSpan intervalGap, out long refused)
    {
        ArgumentNullException.ThrowIfNull(batch);
        refused = 0;
        if (IsEmpty) return batch;
        ObservationRows? left = null;
        int before = 0; // rows that stay as they are and were not copied yet
        foreach (ObservationRow row in batch.Rows)
        {
            RowFate fate = Judge(row, intervalGap, out byte[]? history);
            if (fate == RowFate.Kept && left is null)
            {
                before++;
                continue;
            }

            left ??= CopyFirst(batch.Rows, before);
            if (fate == RowFate.Removed) refused++;
            else left.Add(fate == RowFate.Kept ? row : WithHistory(row, history));
        }

        return left is null ? batch : new(batch.Id, left);
    }

    private static ObservationRow WithHistory(in ObservationRow row, ReadOnlySpan<byte> history) => new()
    {
        RrName = row.RrName,
        Type = row.Type,
        BailiwickLabels = row.BailiwickLabels,
        Provenance = row.Provenance,
        Rdata = row.Rdata,
        History = history,
    };

    private static ObservationRows CopyFirst(ObservationRows rows, int count)
    {
        ObservationRows copy = new(Math.Max(rows.Packed.Length, 1));
        foreach (ObservationRow row in rows)
        {
            if (count-- == 0) break;
            copy.Add(row);
        }

        return copy;
    }

    /// <summary>Finds the deletions about one of a name's ancestors or itself.</summary>
    private void FindAbout(ReadOnlySpan<byte> name, bool isTarget, ref List<int>? about)
    {
        Span<byte> starts = stackalloc byte[DomainName.MaxWireLength];
        int labels = 0;
        int at = 0;
        while (at < name.Length && name[at] is > 0 and <= DomainName.MaxLabelLength && labels < starts.Length)
        {
            starts[labels++] = (byte)at;
            at += name[at] + 1;
        }

        if (at != name.Length - 1 || name[at] != 0 || name.Length > DomainName.MaxWireLength) return;
        foreach (int depth in _depths)
        {
            if (depth > labels) return;
            ReadOnlySpan<byte> ancestor = depth == 0 ? name[^1..] : name[starts[labels - depth]..];
            int check = NameDigest.Check(ancestor);
            if ((_checks[check >> 6] >> (check & 63) & 1) == 0 || !_subtrees.TryGetValue((depth, NameDigest.Compute(ancestor)), out int[]? found)) continue;
            foreach (int i in found)
            {
                if (!isTarget || _deletions[i].IncludeTargets) (about ??= []).Add(i);
            }
        }
    }

    private void FindAboutTargets(in ObservationRow row, ref List<int>? about)
    {
        if (RecordSchema.Find(row.Type) is not { TargetField: >= 0 }) return;
        Span<byte> folded = stackalloc byte[DomainName.MaxWireLength];
        foreach (ReadOnlySpan<byte> record in row.Rdata)
        {
            if (RecordData.TryGetTarget(row.Type, record, folded, out ReadOnlySpan<byte> target)) FindAbout(target, isTarget: true, ref about);
        }
    }

    /// <summary>Most rows of a deletion by time or sensor are not touched: that shows without unpacking them.</summary>
    private static bool MayTouch(Deletion deletion, ReadOnlySpan<byte> history)
    {
        if (!SightingCodec.TryReadBounds(history, out SightingInterval life) || life.First > deletion.To || life.Last < deletion.From) return false;
        if (deletion.Sensor is not { } sensor || !SightingCursor.TryOpen(history, out SightingCursor cursor)) return true;
        uint fingerprint = sensor.Fingerprint;
        for (int i = 0; i < cursor.WitnessCount; i++)
        {
            if (cursor.Witness(i) == fingerprint) return true;
        }

        return false;
    }
}
