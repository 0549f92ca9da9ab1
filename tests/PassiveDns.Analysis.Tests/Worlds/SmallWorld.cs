using PassiveDns.Storage.Conformance;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Analysis.Tests;

/// <summary>A store with a few rows that a test writes down as text, so that answers can be checked by hand.</summary>
internal sealed class SmallWorld
{
    /// <summary>Day 0 of small worlds: 2026-01-01.</summary>
    public const long Start = 1_767_225_600;

    private readonly BatchBuilder _builder = new();
    private ulong _sequence;

    public MemoryObservationStore Store { get; } = new();

    /// <summary>The start of a day, counted from 0.</summary>
    public static long Day(double day) => Start + (long)(day * 86_400);

    /// <summary>Adds an RRset, seen from the start of one day to that of another; records apart by <c>|</c>, the zone is the last two labels of the name unless given.</summary>
    public SmallWorld Add(string name, string type, string rdata, double from, double to, long count = 10, string? zone = null, uint ttl = 300, Provenance provenance = Provenance.VerifiedTraffic)
    {
        _builder.Add(name, type, rdata, Day(from), Day(to), count, zone, provenance, ttl);
        return this;
    }

    /// <summary>Writes what was added, in one batch.</summary>
    public async Task<MemoryObservationStore> BuildAsync()
    {
        await Store.WriteAsync(_builder.Build(++_sequence), TestContext.Current.CancellationToken);
        return Store;
    }
}
