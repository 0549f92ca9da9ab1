namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Gathers the versions of one row: their histories merged by the merge law, in room that is used again for the next row.</summary>
/// <param name="intervalGap">The store's interval gap.</param>
internal sealed class HistoryMerge(TimeSpan intervalGap)
{
    private byte[] _merged = [];
    private byte[] _spare = [];

    /// <summary>Octets of the merged history; 0 while there is none.</summary>
    public int Length { get; private set; }

    /// <summary>The merged history, valid until the next call.</summary>
    public ReadOnlySpan<byte> Value => _merged.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Takes a version along.</summary>
    /// <exception cref="ObservationStoreException">A history is damaged.</exception>
    public void Add(ReadOnlySpan<byte> history)
    {
        if (Length == 0)
        {
            if (_merged.Length < history.Length) _merged = new byte[2 * history.Length + 256];
            history.CopyTo(_merged);
            Length = history.Length;
            return;
        }

        int room = SightingMerge.MaxMergedLength(Length, history.Length);
        if (_spare.Length < room) _spare = new byte[2 * room];
        try
        {
            Length = SightingMerge.Merge(Value, history, intervalGap, _spare);
        }
        catch (FormatException damage)
        {
            throw new ObservationStoreException("The store is damaged: a history cannot be read. Restore it from a backup.", false, damage);
        }

        (_merged, _spare) = (_spare, _merged);
    }
}
