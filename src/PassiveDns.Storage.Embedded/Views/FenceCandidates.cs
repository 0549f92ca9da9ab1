using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>
/// The rows of one table of which this table's version passes a fence, and a few others. Blocks that can have none are jumped over by the hours that the
/// index has of them. It stands before the first row at the start.
/// </summary>
/// <remarks>
/// The law: the merged row begins with the earliest of its versions and ends with the latest, so if it passes one side of a fence, one of its versions does (and both sides, if it has
/// no other). That one stands in a table of the view, in a block whose hours let it pass, and is named here, where it is walked over; <see cref="CandidateCursor"/> then merges all
/// versions of its key, from whatever blocks of whatever tables, and the question's filter judges what comes out. So no version is left out of a row that is handed out, and no row
/// is left out that passes. What was deleted only takes sightings away from a version: it can pass no fence that it did not pass before.
/// </remarks>
/// <param name="table">The table.</param>
/// <param name="fence">What a version must be like.</param>
/// <param name="range">The first key, with the keyspace, and the end, exclusive.</param>
/// <param name="part">What of the table is looked at.</param>
internal sealed class FenceCandidates(Table table, BlockFence fence, (byte[] From, byte[] To) range, RrsetPart part) : TableCandidates(table, part)
{
    /// <summary>A row that does not fit is handed out when so many were passed over: who walks looks at the clock then.</summary>
    private const int MostPassedOver = 1024;

    private bool _hasStarted;

    public override bool MoveNext()
    {
        for (int passed = 0; Step(); passed++)
        {
            if (Cursor.Key.SequenceCompareTo(range.To) >= 0) return false;
            if (passed == MostPassedOver || !SightingCodec.TryReadBounds(Cursor.Value, out SightingInterval life) || fence.Passes(life)) return true;
        }

        return false;
    }

    private bool Step()
    {
        if (!_hasStarted)
        {
            _hasStarted = true;
            if (!Table.Index.IsPaged) return Cursor.Seek(range.From); // nobody knows its hours
            int block = Table.Index.Find(range.From);
            return MayPass(block) ? Cursor.Seek(range.From) : Jump(block + 1);
        }

        int next = Cursor.Number + 1;
        return !Cursor.IsAtEndOfBlock || next == Table.Index.Count || MayPass(next) ? Cursor.MoveNext() : Jump(next + 1);
    }

    private bool MayPass(int block)
    {
        int number = Table.Index.PageOf(block);
        return fence.MayPass(Table.Index.Page(number).Hours(block - TableIndex.FirstOf(number)));
    }

    /// <summary>Moves to the first row of the next block that can have one that passes.</summary>
    private bool Jump(int block)
    {
        TableIndex index = Table.Index;
        for (int number = index.PageOf(block); block < index.Count; number++, block = TableIndex.FirstOf(number))
        {
            if (!fence.MayPass(index.Root.Hours(number))) continue;
            IndexPage page = index.Page(number);
            for (int place = block - TableIndex.FirstOf(number); place < page.Count; place++)
            {
                if (!fence.MayPass(page.Hours(place))) continue;
                if (page.Key(place).SequenceCompareTo(range.To) >= 0) return false;
                Cursor.StepTo(TableIndex.FirstOf(number) + place, 0);
                return true;
            }
        }

        return false;
    }
}
