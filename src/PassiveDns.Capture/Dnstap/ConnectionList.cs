namespace PassiveDns.Capture;

/// <summary>The open connections of a listener, and the sums of those that were closed. For any thread.</summary>
internal sealed class ConnectionList
{
    private readonly Lock _lock = new();
    private readonly List<DnstapConnection> _open = [];
    private readonly DnstapCounters _closed = new();
    private readonly Tally<FrameStreamEnd> _ends = new();
    private long _closedBytes;

    /// <summary>Adds a connection.</summary>
    public void Add(DnstapConnection connection)
    {
        lock (_lock) _open.Add(connection);
    }

    /// <summary>Moves a connection that has ended to the sums.</summary>
    public void Remove(DnstapConnection connection)
    {
        lock (_lock)
        {
            _open.Remove(connection);
            _closed.Add(connection.Counters);
            _closed.Add(connection.Controls);
            _closedBytes += connection.BytesRead;
            _ends.Count(connection.End);
        }
    }

    /// <summary>Counts a connection that was closed at once.</summary>
    public void CountRefused()
    {
        lock (_lock) _ends.Count(FrameStreamEnd.TooMany);
    }

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _open.Count;
        }
    }

    /// <summary>Adds everything up.</summary>
    /// <param name="bytes">Octets read.</param>
    /// <param name="connections">What became of the connections.</param>
    public DnstapCounters Sum(out long bytes, out IReadOnlyList<StageCount> connections)
    {
        lock (_lock)
        {
            DnstapCounters sum = new();
            sum.Add(_closed);
            Tally<FrameStreamEnd> ends = new();
            foreach (FrameStreamEnd end in Enum.GetValues<FrameStreamEnd>()) ends.Count(end, _ends[end]);
            ends.Count(FrameStreamEnd.Open, _open.Count);
            bytes = _closedBytes;
            foreach (DnstapConnection connection in _open)
            {
                sum.Add(connection.Counters);
                sum.Add(connection.Controls);
                bytes += connection.BytesRead;
            }

            connections = ends.ToAccount("connections", static end => end >= FrameStreamEnd.Cut);
            return sum;
        }
    }
}
