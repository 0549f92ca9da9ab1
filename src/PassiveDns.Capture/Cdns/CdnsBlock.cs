namespace PassiveDns.Capture;

/// <summary>
/// One block of a C-DNS file: where its tables' entries stand. Its octets are known to be well-formed CBOR; indexes are checked each time they are used.
/// </summary>
internal sealed class CdnsBlock
{
    private static readonly int s_tables = Enum.GetValues<Table>().Length;

    private readonly List<int>[] _tables = [.. Enumerable.Range(0, s_tables).Select(_ => new List<int>())];
    private int _items = -1;
    private int _malformed = -1;

    /// <summary>The tables, in the order of their keys (RFC 8618 section 7.3.2.3).</summary>
    public enum Table : byte
    {
        Addresses,
        ClassTypes,
        Octets,
        Signatures,
        QuestionLists,
        Questions,
        RecordLists,
        Records,
        MalformedData,
    }

    /// <summary>The earliest time: seconds since 1970, and ticks.</summary>
    public (long Seconds, long Ticks) Earliest { get; private set; }

    /// <summary>Which of the file's parameters hold.</summary>
    public long ParametersIndex { get; private set; }

    /// <summary>The items: where the array stands, or -1.</summary>
    public int Items => _items;

    /// <summary>The malformed messages: where the array stands, or -1.</summary>
    public int Malformed => _malformed;

    /// <summary>Notes where everything stands; tables may come after what points to them.</summary>
    public bool TryOpen(ReadOnlySpan<byte> octets)
    {
        foreach (List<int> table in _tables) table.Clear();
        (Earliest, ParametersIndex, _items, _malformed) = (default, 0, -1, -1);
        CborCursor cbor = new(octets);
        if (!cbor.TryEnterMap(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key)) return false;
            int at = cbor.Position;
            switch (key)
            {
                case 0 when !TryReadPreamble(new(octets, at)):
                case 2 when !TryReadTables(new(octets, at)):
                    return false;
                case 3:
                    _items = at;
                    break;
                case 5:
                    _malformed = at;
                    break;
            }

            if (cbor.TrySkip() != CborCursor.Outcome.Complete) return false;
        }

        return true;
    }

    /// <summary>Goes to an entry of a table.</summary>
    /// <returns><c>false</c> if the table has no such entry.</returns>
    public bool TryFind(ReadOnlySpan<byte> octets, Table table, long index, out CborCursor entry)
    {
        List<int> places = _tables[(int)table];
        bool exists = index >= 0 && index < places.Count;
        entry = new(octets, exists ? places[(int)index] : octets.Length);
        return exists;
    }

    private bool TryReadPreamble(CborCursor cbor)
    {
        if (!cbor.TryEnterMap(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key)) return false;
            if (key == 0)
            {
                if (!cbor.TryEnterArray(out long parts) || !cbor.MoveNext(ref parts) || !cbor.TryReadNumber(out long seconds)) return false;
                if (!cbor.MoveNext(ref parts) || !cbor.TryReadNumber(out long ticks) || cbor.MoveNext(ref parts)) return false;
                Earliest = (seconds, ticks);
            }
            else if (key == 1)
            {
                if (!cbor.TryReadNumber(out long index)) return false;
                ParametersIndex = index;
            }
            else if (cbor.TrySkip() != CborCursor.Outcome.Complete)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadTables(CborCursor cbor)
    {
        if (!cbor.TryEnterMap(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key)) return false;
            if (key < 0 || key >= s_tables)
            {
                if (cbor.TrySkip() != CborCursor.Outcome.Complete) return false;
                continue;
            }

            List<int> places = _tables[(int)key];
            if (!cbor.TryEnterArray(out long entries)) return false;
            while (cbor.MoveNext(ref entries))
            {
                places.Add(cbor.Position);
                if (cbor.TrySkip() != CborCursor.Outcome.Complete) return false;
            }
        }

        return true;
    }
}
