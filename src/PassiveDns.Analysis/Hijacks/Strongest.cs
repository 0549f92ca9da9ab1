namespace PassiveDns.Analysis;

/// <summary>The candidates with the highest scores, so many and no more.</summary>
internal sealed class Strongest<T>(int most)
{
    private readonly PriorityQueue<T, double> _kept = new();

    /// <summary>Whether there were more than are kept.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Adds a candidate.</summary>
    public void Add(T candidate, double score)
    {
        if (_kept.Count < most)
        {
            _kept.Enqueue(candidate, score);
            return;
        }

        IsCut = true;
        _kept.EnqueueDequeue(candidate, score);
    }

    /// <summary>The candidates kept, in no order.</summary>
    public IEnumerable<T> Kept => _kept.UnorderedItems.Select(static item => item.Element);
}
