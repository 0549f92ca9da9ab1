using System.Numerics;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// About how many different heads there are, to three in a hundred, in one KiB: HyperLogLog (Flajolet, Fusy, Gandouet and Meunier, 2007). Sketches unite,
/// so the filter of a merged table gets its size before its first entry, and nobody keeps the heads until the last one.
/// </summary>
internal sealed class HeadSketch
{
    public const int Length = 1 << PlaceBits;

    private const int PlaceBits = 10;
    private const double Alpha = 0.7213 / (1 + 1.079 / Length);

    private readonly byte[] _ranks;

    public HeadSketch()
        : this(new byte[Length])
    {
    }

    /// <param name="ranks"><see cref="Length"/> octets of another sketch.</param>
    public HeadSketch(byte[] ranks) => _ranks = ranks;

    public ReadOnlySpan<byte> Ranks => _ranks;

    public void Add(ulong hash)
    {
        ref byte rank = ref _ranks[hash & (Length - 1)];
        int mine = BitOperations.LeadingZeroCount(hash | (Length - 1)) + 1;
        if (mine > rank) rank = (byte)mine;
    }

    /// <summary>Takes the heads of another table along.</summary>
    public void Unite(HeadSketch other)
    {
        for (int i = 0; i < Length; i++) _ranks[i] = Math.Max(_ranks[i], other._ranks[i]);
    }

    public long Estimate()
    {
        double sum = 0;
        int empty = 0;
        foreach (byte rank in _ranks)
        {
            sum += 1.0 / (1L << rank);
            if (rank == 0) empty++;
        }

        double estimate = Alpha * Length * Length / sum;
        if (estimate <= 2.5 * Length && empty > 0) estimate = Length * Math.Log((double)Length / empty); // so few that empty places tell more
        return (long)estimate;
    }
}
