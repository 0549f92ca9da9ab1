namespace PassiveDns.Analysis;

/// <summary>The dedicated infrastructure of the look-alikes that were accepted lately, for a watch that never ends.</summary>
internal sealed class RecentLinks
{
    private const int Capacity = 10_000;

    private readonly Dictionary<string, DomainName> _holders = [];
    private readonly Queue<string> _order = new();

    /// <summary>Finds an accepted look-alike that has the same.</summary>
    public (string What, DomainName Other)? Find(List<string> dedicated, DomainName subject)
    {
        foreach (string what in dedicated)
        {
            if (_holders.TryGetValue(what, out DomainName other) && other != subject) return (what, other);
        }

        return null;
    }

    /// <summary>Remembers what an accepted one has; the oldest is forgotten.</summary>
    public void Add(List<string> dedicated, DomainName subject)
    {
        foreach (string what in dedicated)
        {
            if (!_holders.TryAdd(what, subject)) continue;
            _order.Enqueue(what);
            if (_order.Count > Capacity) _holders.Remove(_order.Dequeue());
        }
    }
}
