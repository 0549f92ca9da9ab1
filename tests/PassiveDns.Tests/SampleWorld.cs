using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>The sample, imported once into memory, for tests that only ask.</summary>
public sealed class SampleWorld : IAsyncLifetime
{
    // When the five phases of samples/capture/README.md begin, in Unix seconds; each lasts a few seconds.
    private static readonly long[] s_phases =
    [
        new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
        new DateTimeOffset(2026, 2, 9, 14, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
        new DateTimeOffset(2026, 2, 10, 3, 12, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
        new DateTimeOffset(2026, 2, 10, 21, 40, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
        new DateTimeOffset(2026, 3, 20, 10, 30, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
    ];

    internal MemoryObservationStore Store { get; } = new();

    public async ValueTask InitializeAsync() => await Sample.ImportAsync(Store);

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    /// <summary>In which phases a row was first and last seen, as the README writes it: <c>1</c> or <c>1-5</c>.</summary>
    internal static string Phases(long first, long last)
    {
        int from = Phase(first), to = Phase(last);
        return from == to ? $"{from}" : $"{from}-{to}";
    }

    internal static int Phase(long time) => 1 + Array.FindIndex(s_phases, start => time >= start && time < start + 600);
}
