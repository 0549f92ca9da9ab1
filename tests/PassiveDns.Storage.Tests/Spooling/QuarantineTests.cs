using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Spooling;

namespace PassiveDns.Storage.Tests.Spooling;

public sealed class QuarantineTests : IDisposable
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private readonly SpoolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1_800_000_000, 1_800_003_600, ClockFault.None)]
    [InlineData(1_800_000_000, 1_800_003_601, ClockFault.Future)]
    [InlineData(562_723_200, 562_723_200, ClockFault.None)] // a file may be as old as the DNS
    [InlineData(562_723_199, 1_800_000_000, ClockFault.TooOld)]
    [InlineData(0, 0, ClockFault.TooOld)]
    [InlineData(0, 1_900_000_000, ClockFault.Future)]
    public void Times_outside_the_bounds_are_found(long first, long last, ClockFault fault) =>
        Assert.Equal(fault, new ClockBounds().FindFault(Batch(first, last), s_now));

    [Theory]
    [InlineData(1_800_000_000 - 86_400, ClockFault.None)]
    [InlineData(1_800_000_000 - 86_401, ClockFault.TooOld)]
    public void A_live_sensor_has_a_greatest_age(long first, ClockFault fault) =>
        Assert.Equal(fault, new ClockBounds { MaxAge = TimeSpan.FromDays(1) }.FindFault(Batch(first, 1_800_000_000), s_now));

    [Fact]
    public async Task A_batch_is_there_once_with_its_reason_and_is_released_with_its_id()
    {
        BatchQuarantine quarantine = new(_folder.Path);
        ObservationBatch batch = Batch(0, 0);
        Assert.True(quarantine.TryAdd(batch, "too-old"));
        Assert.True(quarantine.TryAdd(batch, "too-old"));
        QuarantinedBatch held = Assert.Single(new BatchQuarantine(_folder.Path).Read());
        Assert.Equal(("too-old", batch.Id), (held.Reason, held.Batch!.Id));
        Assert.True(batch.Rows.Packed.SequenceEqual(held.Batch.Rows.Packed));

        await using MemoryObservationStore store = new();
        Assert.Null(await quarantine.ReleaseAsync(batch.Id with { Sequence = 9 }, store, TestContext.Current.CancellationToken));
        Assert.Equal(WriteResult.Applied, await quarantine.ReleaseAsync(batch.Id, store, TestContext.Current.CancellationToken));
        Assert.Empty(quarantine.Read());
        Assert.True(quarantine.TryAdd(batch, "too-old")); // it came once more, from a sensor that delivers twice
        Assert.Equal(WriteResult.AlreadyApplied, await quarantine.ReleaseAsync(batch.Id, store, TestContext.Current.CancellationToken));
        Assert.Equal(1, Assert.Single((await Answer.ReadAsync(store, new QueryAnchor.Everything())).Rows).History.Count);
    }

    [Fact]
    public void A_full_quarantine_says_so()
    {
        BatchQuarantine quarantine = new(_folder.Path, maxBytes: 200);
        Assert.True(quarantine.TryAdd(Batch(0, 0, 1), "too-old"));
        Assert.False(quarantine.TryAdd(Batch(0, 0, 2), "too-old"));
        Assert.Single(quarantine.Read());
    }

    [Fact]
    public void A_damaged_file_is_listed_without_a_batch()
    {
        BatchQuarantine quarantine = new(_folder.Path);
        quarantine.TryAdd(Batch(0, 0), "too-old");
        string path = Assert.Single(Directory.GetFiles(_folder.Path, "*.batch"));
        byte[] octets = File.ReadAllBytes(path);
        octets[^1] ^= 1;
        File.WriteAllBytes(path, octets);
        Assert.Null(Assert.Single(quarantine.Read()).Batch);
    }

    private static ObservationBatch Batch(long first, long last, ulong sequence = 1) =>
        new BatchBuilder("clock", 3).Add("a.example.com", "A", "192.0.2.1", first, last).Build(sequence);
}
