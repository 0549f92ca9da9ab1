namespace PassiveDns.Capture.Tests;

/// <summary>Hears the fates one by one and compares them with the account: told one by one they are the same things that the account counts.</summary>
internal sealed class TraceCheck
{
    private readonly Dictionary<(string Stage, string Fate, bool IsDrop), long> _told = [];
    private readonly HashSet<long> _packets = [];

    /// <summary>All that was told, in the order in which it was.</summary>
    public List<TracedFate> Fates { get; } = [];

    public void Hear(TracedFate fate)
    {
        Fates.Add(fate);
        _told[(fate.Stage, fate.Fate, fate.IsDrop)] = _told.GetValueOrDefault((fate.Stage, fate.Fate, fate.IsDrop)) + 1;
        if (fate.Stage == "packets") Assert.True(_packets.Add(fate.Number), $"packet {fate.Number} was settled twice");
    }

    public void CheckEnd(IReadOnlyList<StageCount> account, long packets)
    {
        Assert.Equal(
            account.Select(line => (line.Stage, line.Fate, line.IsDrop, line.Count)).Order(),
            _told.Select(line => (line.Key.Stage, line.Key.Fate, line.Key.IsDrop, line.Value)).Order());
        Assert.Equal(packets, _packets.Count);
        Assert.All(Fates, fate => Assert.InRange(fate.Number, 1, packets));
    }
}
