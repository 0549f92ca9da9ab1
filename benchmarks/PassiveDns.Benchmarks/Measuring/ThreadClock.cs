using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PassiveDns.Benchmarks.Measuring;

/// <summary>CPU time of the calling thread, which other programs on a busy machine do not add to. Elsewhere than on Linux: wall time.</summary>
internal static partial class ThreadClock
{
    private const int ProcessCpuTime = 2; // CLOCK_PROCESS_CPUTIME_ID
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Nanoseconds since some fixed point.</summary>
    public static long Nanoseconds => Read(ThreadCpuTime);

    /// <summary>The same, of all threads of this process: for work that does not stay on one.</summary>
    public static long OfAllThreads => Read(ProcessCpuTime);

    private static long Read(int clock)
    {
        if (OperatingSystem.IsLinux() && GetTime(clock, out TimeSpec time) == 0) return time.Seconds * 1_000_000_000 + time.Nanoseconds;
        return (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
