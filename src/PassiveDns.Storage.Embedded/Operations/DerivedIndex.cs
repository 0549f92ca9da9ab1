using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Operations;

/// <summary>Holds the index of a table against its rows: that it finds every block, and knows when its rows were seen.</summary>
internal sealed class DerivedIndex(TableIndex index)
{
    private readonly ScanRoom _room = new();
    private BlockHours _hours = BlockHours.None, _hoursOfPage = BlockHours.None;
    private int _block = -1;

    /// <summary>Takes the entry at which a cursor stands.</summary>
    /// <param name="cursor">The cursor.</param>
    /// <param name="before">The key of the entry before.</param>
    /// <returns><c>false</c> if the index says something else.</returns>
    public bool Fits(TableCursor cursor, ReadOnlySpan<byte> before)
    {
        bool fits = true;
        if (cursor.Number != _block)
        {
            fits = (_block < 0 || EndBlock()) && cursor.Number == _block + 1;
            _block = cursor.Number;
            int number = index.PageOf(_block), place = _block - TableIndex.FirstOf(number);
            ReadOnlySpan<byte> cut = _room.PageOf(index, _block).Key(place);
            fits &= cut.SequenceCompareTo(cursor.Key) <= 0 && (_block == 0 || cut.SequenceCompareTo(before) > 0);
            if (place == 0 && index.IsPaged) fits &= cut.SequenceEqual(index.Root.Key(number));
        }

        if (index.IsPaged && cursor.Key[0] != (byte)Keyspace.Sets && SightingCodec.TryReadBounds(cursor.Value, out SightingInterval life)) _hours = _hours.With(life);
        return fits;
    }

    /// <summary>Ends the comparison.</summary>
    public bool FitsToTheEnd() => EndBlock() && _block == index.Count - 1;

    private bool EndBlock()
    {
        if (!index.IsPaged) return true;
        int number = index.PageOf(_block), place = _block - TableIndex.FirstOf(number);
        bool fits = _room.PageOf(index, _block).Hours(place) == _hours;
        _hoursOfPage = _hoursOfPage.With(_hours);
        _hours = BlockHours.None;
        if (place < index.CountOf(number) - 1) return fits;
        fits &= index.Root.Hours(number) == _hoursOfPage;
        _hoursOfPage = BlockHours.None;
        return fits;
    }
}
