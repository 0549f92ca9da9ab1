using FsCheck.Xunit;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Tests;

public sealed class BatchLedgerTests
{
    private static BatchId Id(ulong sequence, ulong epoch = 1, string sensor = "s1") => new(new(sensor), epoch, sequence);

    [Property(Replay = "(42,43)")]
    public void It_is_a_set_whatever_the_order_and_survives_packing(byte[] sequences)
    {
        BatchLedger ledger = new();
        HashSet<ulong> model = [];
        foreach (byte sequence in sequences)
        {
            BatchLedger next = new();
            next.Load(BatchLedger.KeyOf(Id(sequence)), ledger.EncodeWith(Id(sequence)));
            Assert.Equal(model.Add(sequence), ledger.Add(Id(sequence)));
            for (ulong i = 0; i <= byte.MaxValue; i++)
            {
                Assert.Equal(model.Contains(i), ledger.Contains(Id(i)));
                Assert.Equal(model.Contains(i), next.Contains(Id(i)));
            }

            Assert.Equal(Id(model.Max()), ledger.Highest(new("s1")));
            Assert.Equal(model.Count, ledger.Counts[new("s1")]);
            Assert.Equal(model.Count, next.Counts[new("s1")]);
        }
    }

    [Fact]
    public void A_run_without_holes_takes_one_range_in_any_order()
    {
        BatchLedger ledger = new();
        ulong[] sequences = [.. Enumerable.Range(1, 1_000).Select(i => (ulong)i)];
        new Random(1).Shuffle(sequences);
        foreach (ulong sequence in sequences[..^1]) ledger.Add(Id(sequence));
        Assert.Equal(17, ledger.EncodeWith(Id(sequences[^1])).Length);
    }

    [Fact]
    public void The_ends_of_the_numbers_are_numbers_too()
    {
        BatchLedger ledger = new();
        Assert.True(ledger.Add(Id(ulong.MaxValue)));
        Assert.True(ledger.Add(Id(0)));
        Assert.False(ledger.Add(Id(ulong.MaxValue)));
        Assert.True(ledger.Add(Id(ulong.MaxValue - 1)));
        Assert.True(ledger.Add(Id(1)));
        Assert.False(ledger.Contains(Id(2)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("01aa")]
    [InlineData("0100000000000000050000000000000004")]
    [InlineData("010000000000000001000000000000000200000000000000020000000000000003")]
    public void Damage_is_refused(string hex) =>
        Assert.Throws<FormatException>(() => new BatchLedger().Load(BatchLedger.KeyOf(Id(1)), Convert.FromHexString(hex)));
}
