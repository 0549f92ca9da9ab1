using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PassiveDns.Benchmarks.Measuring;

/// <summary>CPU time of the calling thread, which other programs on a busy machine do not add to. Elsewhere than on Linux: wall time.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Nanoseconds since some fixed point.</summary>
    public static long Nanoseconds
    {
        get
        {
            if (OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out TimeSpec time) == 0) return time.Seconds * 1_000_000_000 + time.Nanoseconds;
            return (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
