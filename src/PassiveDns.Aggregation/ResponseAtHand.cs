namespace PassiveDns.Aggregation;

/// <summary>One of the responses that are worked on at one time.</summary>
internal sealed class ResponseAtHand(int maxRrsetRecords, bool rejectsCompressed)
{
    private readonly Dissection _own = new(maxRrsetRecords, rejectsCompressed);
    private DissectedResponse _apart;

    /// <summary>By what it is found in the memo.</summary>
    public MemoKey Key { get; private set; }

    /// <summary>Where it lies in the memo, or 0.</summary>
    public uint Place { get; private set; }

    /// <summary><see cref="ResponseMemo.Clearings"/> when it was found there.</summary>
    public int Clearings { get; private set; }

    /// <summary>The number in the delegation cache of what may be its zone, or -1.</summary>
    public int Zone { get; set; } = -1;

    /// <summary>Whether it has been taken apart.</summary>
    public bool IsApart { get; private set; }

    /// <summary>Where its parts are, if it is apart. <see cref="Open"/> takes it to hand there.</summary>
    public Dissection Parts { get; private set; } = null!;

    /// <summary>Begins with another response, which is in one piece.</summary>
    public void Begin(MemoKey key)
    {
        Key = key;
        Place = 0;
        Zone = -1;
        IsApart = false;
    }

    /// <summary>Begins with another response, which was taken apart before.</summary>
    public void Begin(MemoKey key, Dissection parts, in DissectedResponse apart)
    {
        Key = key;
        Place = 0;
        Zone = -1;
        IsApart = true;
        Parts = parts;
        _apart = apart;
    }

    /// <summary>Looks for it in the memo.</summary>
    /// <returns>Whether it is there.</returns>
    public bool Find(ResponseMemo memo, scoped in CapturedResponse response)
    {
        Place = memo.Find(in response, Key.Hash);
        Clearings = memo.Clearings;
        return Place != 0;
    }

    /// <summary>Takes it apart.</summary>
    public void TakeApart(ReadOnlySpan<byte> message)
    {
        _own.Clear();
        _own.Read(message);
        Parts = _own;
        _apart = _own.At;
        IsApart = true;
    }

    /// <summary>Its parts.</summary>
    public Dissection Open()
    {
        Parts.Open(in _apart);
        return Parts;
    }
}
