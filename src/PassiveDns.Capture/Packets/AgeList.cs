namespace PassiveDns.Capture;

/// <summary>Slots 0, 1, 2 ... in the order in which they were last touched, and the slots that are free.</summary>
internal sealed class AgeList
{
    private readonly int _capacity;
    private int[] _next;
    private int[] _previous;
    private int _free = -1;
    private int _used;

    public AgeList(int capacity)
    {
        _capacity = capacity;
        _next = new int[Math.Min(capacity, 64)];
        _previous = new int[_next.Length];
    }

    /// <summary>The slot that was not touched for the longest time, or -1.</summary>
    public int Oldest { get; private set; } = -1;

    private int Newest { get; set; } = -1;

    public int Count { get; private set; }

    public bool IsFull => Count == _capacity;

    /// <summary>Takes a free slot and makes it the newest.</summary>
    public int Take()
    {
        int slot = _free;
        if (slot >= 0)
        {
            _free = _next[slot];
        }
        else
        {
            slot = _used++;
            if (slot == _next.Length)
            {
                Array.Resize(ref _next, Math.Min(_capacity, slot * 2));
                Array.Resize(ref _previous, _next.Length);
            }
        }

        Count++;
        Append(slot);
        return slot;
    }

    public void Touch(int slot)
    {
        if (slot == Newest) return;
        Unlink(slot);
        Append(slot);
    }

    public void Release(int slot)
    {
        Unlink(slot);
        Count--;
        _next[slot] = _free;
        _free = slot;
    }

    private void Append(int slot)
    {
        _previous[slot] = Newest;
        _next[slot] = -1;
        if (Newest >= 0) _next[Newest] = slot;
        else Oldest = slot;
        Newest = slot;
    }

    private void Unlink(int slot)
    {
        (int previous, int next) = (_previous[slot], _next[slot]);
        if (previous >= 0) _next[previous] = next;
        else Oldest = next;
        if (next >= 0) _previous[next] = previous;
        else Newest = previous;
    }
}
