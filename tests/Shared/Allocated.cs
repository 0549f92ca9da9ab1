namespace PassiveDns;

/// <summary>How much a piece of work allocates once it has run in.</summary>
internal static class Allocated
{
    /// <summary>
    /// The least of some rounds. A collection that another thread's test brings about ends this thread's allocation context, whose rest then
    /// counts as used (some kilobytes, once); what the work itself allocates shows in every round.
    /// </summary>
    public static long Least(Action work, int rounds = 5)
    {
        long least = long.MaxValue;
        for (int round = 0; round < rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
