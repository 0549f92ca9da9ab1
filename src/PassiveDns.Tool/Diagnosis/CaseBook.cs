namespace PassiveDns.Tool.Diagnosis;

/// <summary>
/// Puts the fates of all rooms together: it counts them, and gives those of responses and RRsets the numbers of their packets. What it remembers is
/// bounded by what the rooms hold: responses in a batch, and RRsets that wait.
/// </summary>
internal sealed class CaseBook
{
    private readonly Dictionary<(string Stage, string Fate), (long Count, bool IsDrop)> _counts = [];
    private readonly Queue<TracedFate> _observed = new(); // messages that were handed on and have not been aggregated
    private readonly Dictionary<long, Case> _open = []; // responses of which RRsets are not settled yet, by their number
    private long _responses;

    /// <summary>Is told of each fate, with the number of its packet, and of the name asked for in the response that an RRset stood in.</summary>
    public event Action<TracedFate, DomainName?>? Settled;

    /// <summary>What became of how many, in the order in which it first occurred.</summary>
    public IEnumerable<StageCount> Counts => _counts.Select(line => new StageCount(line.Key.Stage, line.Key.Fate, line.Value.Count, line.Value.IsDrop));

    /// <summary>Takes a fate of any room.</summary>
    public void Hear(TracedFate fate)
    {
        long count = _counts.TryGetValue((fate.Stage, fate.Fate), out (long Count, bool IsDrop) line) ? line.Count : 0;
        _counts[(fate.Stage, fate.Fate)] = (count + 1, fate.IsDrop);
        if (fate is { Stage: "messages", Fate: "observed" }) _observed.Enqueue(fate);
        if (fate.Stage is not ("responses" or "rrsets"))
        {
            Settled?.Invoke(fate, null);
            return;
        }

        Case response = _open[fate.Number];
        TracedFate message = response.Message;
        if (fate.Stage == "responses") fate = fate with { Name = message.Name, Type = message.Type };
        else response.Settled++;
        if (response.Rrsets == response.Settled) _open.Remove(fate.Number);
        Settled?.Invoke(fate with { Number = message.Number, UnixNanoseconds = message.UnixNanoseconds }, message.Name);
    }

    /// <summary>The next response that was handed on goes into the aggregator.</summary>
    public void StartResponse() => _open.Add(++_responses, new(_observed.Dequeue()));

    /// <summary>The response has been taken apart.</summary>
    /// <param name="rrsets">How many RRsets it has; some may wait.</param>
    public void EndResponse(int rrsets)
    {
        Case response = _open[_responses];
        response.Rrsets = rrsets;
        if (response.Settled == rrsets) _open.Remove(_responses);
    }

    private sealed class Case(TracedFate message)
    {
        public TracedFate Message { get; } = message;

        public int Settled { get; set; }

        public int Rrsets { get; set; } = -1; // not known yet
    }
}
