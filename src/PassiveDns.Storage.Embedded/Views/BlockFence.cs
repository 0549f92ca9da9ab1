using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>What a version of a row must be like in one table for the row to pass a <see cref="TimeFence"/>: one of its two sides, or both.</summary>
/// <param name="LastFrom">The version was last seen at this time or after, in Unix seconds.</param>
/// <param name="FirstTo">The version was first seen at this time or before, in Unix seconds.</param>
internal readonly record struct BlockFence(long LastFrom, long FirstTo)
{
    private const int MostPages = 64;

    /// <summary>What can be asked for of some version: both sides of the one in the only table; one side if there can be others, since another version may pass the other.</summary>
    /// <param name="fence">The fence.</param>
    /// <param name="tables">How many tables can have versions.</param>
    public static BlockFence[] Of(TimeFence fence, int tables) =>
        tables == 1 ? [new(fence.LastFrom, fence.FirstTo)] : [new(fence.LastFrom, long.MaxValue), new(long.MinValue, fence.FirstTo)];

    /// <summary>Whether a block can have a row that passes.</summary>
    public bool MayPass(BlockHours hours) => hours.Last >= BlockHours.HourOf(LastFrom) && hours.First <= BlockHours.HourOf(FirstTo);

    /// <summary>Whether a version of a row passes.</summary>
    public bool Passes(SightingInterval life) => life.Last >= LastFrom && life.First <= FirstTo;

    /// <summary>About how many rows of some blocks stand in blocks that can have one that passes, and how many do. Large tables are looked at here and there.</summary>
    /// <param name="table">The table.</param>
    /// <param name="blocks">The blocks.</param>
    public (double Walked, double Passing) Estimate(Table table, (int First, int Last) blocks)
    {
        TableIndex index = table.Index;
        double rows = (double)table.Facts.Count / index.Count, walked = 0, passing = 0;
        if (!index.IsPaged) return (rows * (blocks.Last - blocks.First + 1), rows * (blocks.Last - blocks.First + 1)); // nobody knows
        int first = index.PageOf(blocks.First), last = index.PageOf(blocks.Last), step = (last - first) / MostPages + 1;
        for (int number = first; number <= last; number += step)
        {
            if (!MayPass(index.Root.Hours(number))) continue;
            IndexPage page = index.Page(number);
            int start = TableIndex.FirstOf(number), to = Math.Min(blocks.Last - start, page.Count - 1);
            for (int block = Math.Max(0, blocks.First - start); block <= to; block++)
            {
                BlockHours hours = page.Hours(block);
                if (!MayPass(hours)) continue;
                walked += rows;
                passing += Math.Max(1, rows * Share(hours));
            }
        }

        return (walked * step, passing * step);
    }

    /// <summary>How many of the rows of a block pass, if their times lie anywhere between the earliest and the latest.</summary>
    private double Share(BlockHours hours)
    {
        double all = (double)hours.Last - hours.First + 1;
        return Math.Min(1, (hours.Last - (double)BlockHours.HourOf(LastFrom) + 1) / all) * Math.Min(1, ((double)BlockHours.HourOf(FirstTo) - hours.First + 1) / all);
    }
}
