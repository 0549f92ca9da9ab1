namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Entries in the order of their keys that never change, in memory or in a file. Views and walks hold it; when the last of them lets go, its
/// memory or its file is given back.
/// </summary>
internal abstract class Table(TableFacts facts)
{
    private int _holders = 1;

    public abstract TableIndex Index { get; }

    public TableFacts Facts { get; } = facts;

    /// <summary>How many deletions of the store's ledger its entries were judged by when it was written.</summary>
    public int DeletionsApplied { get; init; }

    /// <summary>Which of its RRset rows changed when; <c>null</c> in files from before there was such an index.</summary>
    /// <exception cref="ObservationStoreException">It is damaged.</exception>
    public abstract ChangeIndex? Changes { get; }

    /// <summary>Where its owner names are by their first labels; <c>null</c> in files from before there was such an index.</summary>
    /// <exception cref="ObservationStoreException">It is damaged.</exception>
    public abstract NameIndex? Names { get; }

    /// <summary>Octets in memory or on the disk.</summary>
    public abstract long Octets { get; }

    /// <summary>Whether it may hold keys that begin with a head or a stem, by its filter (see <see cref="KeyHead"/>).</summary>
    /// <param name="prefix">The head or stem, or a whole key with it if only that one is asked for.</param>
    /// <param name="hash">The hash of the head or stem.</param>
    /// <exception cref="ObservationStoreException">The page of the filter that knows is damaged.</exception>
    public abstract bool MayHold(ReadOnlySpan<byte> prefix, ulong hash);

    /// <summary>Whether what is read and kept now pushes something else out.</summary>
    public abstract bool IsCacheFull { get; }

    /// <summary>Reads a block that is likely to be asked for again.</summary>
    /// <exception cref="ObservationStoreException">The block is damaged or cannot be read.</exception>
    public abstract Block Read(int block);

    /// <summary>Reads a block on the way through the whole table.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="room">Room that is used again from block to block.</param>
    /// <exception cref="ObservationStoreException">The block is damaged or cannot be read.</exception>
    public abstract Block ReadOnce(int block, ScanRoom room);

    /// <summary>Whether a range may hold entries of the table, by its first and last key alone.</summary>
    public bool Overlaps(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) =>
        Facts.LastKey.AsSpan().SequenceCompareTo(from) >= 0 && Facts.FirstKey.AsSpan().SequenceCompareTo(to) < 0;

    /// <summary>What is wrong with a block whose checksum was sound: nothing that this library wrote.</summary>
    public abstract ObservationStoreException Damaged(int block);

    /// <summary>What is wrong with a change index whose checksums were sound.</summary>
    public abstract ObservationStoreException DamagedChanges();

    /// <summary>What is wrong with a name index whose checksums were sound.</summary>
    public abstract ObservationStoreException DamagedNames();

    public void Hold() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) Free();
    }

    protected abstract void Free();
}
