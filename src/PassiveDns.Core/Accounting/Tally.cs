using System.Runtime.CompilerServices;

namespace PassiveDns;

/// <summary>
/// Counts the fates of what passes through a stage. The conservation law is that the sum over all fates is what came in: nothing is lost
/// without a counter.
/// </summary>
/// <typeparam name="TFate">An enumeration whose values are 0, 1, 2 ...; each thing that enters the stage gets exactly one of them.</typeparam>
/// <remarks>Written by one thread; another thread may read at any time and sees each count at some recent value.</remarks>
public sealed class Tally<TFate>
    where TFate : struct, Enum
{
    private static readonly TFate[] s_fates = Enum.GetValues<TFate>();
    private static readonly string[] s_words = [.. s_fates.Select(fate => KebabCase(fate.ToString()))];

    private readonly long[] _counts = new long[s_fates.Length];

    /// <summary>How many had this fate.</summary>
    /// <param name="fate">The fate.</param>
    public long this[TFate fate] => Volatile.Read(ref _counts[Index(fate)]);

    /// <summary>The sum over all fates: what came into the stage.</summary>
    public long Total
    {
        get
        {
            long total = 0;
            for (int i = 0; i < _counts.Length; i++) total += Volatile.Read(ref _counts[i]);
            return total;
        }
    }

    /// <summary>Counts one.</summary>
    /// <param name="fate">The fate.</param>
    public void Count(TFate fate) => _counts[Index(fate)]++;

    /// <summary>Counts several of one fate.</summary>
    /// <param name="fate">The fate.</param>
    /// <param name="number">How many.</param>
    public void Count(TFate fate, long number) => _counts[Index(fate)] += number;

    /// <summary>The account of the stage: each fate that occurred, in the order of the enumeration.</summary>
    /// <param name="stage">The name of the stage.</param>
    /// <param name="isDrop">Which fates are drops.</param>
    public IReadOnlyList<StageCount> ToAccount(string stage, Func<TFate, bool> isDrop)
    {
        List<StageCount> lines = [];
        foreach (TFate fate in s_fates)
        {
            if (this[fate] > 0) lines.Add(ToLine(stage, fate, isDrop(fate)));
        }

        return lines;
    }

    /// <summary>One line of the account, also if it counts none.</summary>
    /// <param name="stage">The name of the stage.</param>
    /// <param name="fate">The fate.</param>
    /// <param name="isDrop">Whether it is a drop.</param>
    public StageCount ToLine(string stage, TFate fate, bool isDrop) => new(stage, s_words[Index(fate)], this[fate], isDrop);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Index(TFate fate) =>
        Unsafe.SizeOf<TFate>() switch // a constant for each enumeration, so one arm is left
        {
            1 => Unsafe.As<TFate, byte>(ref fate),
            2 => Unsafe.As<TFate, ushort>(ref fate),
            _ => Unsafe.As<TFate, int>(ref fate),
        };

    private static string KebabCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
