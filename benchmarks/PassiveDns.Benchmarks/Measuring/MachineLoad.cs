using System.Globalization;

namespace PassiveDns.Benchmarks.Measuring;

/// <summary>How busy the machine is while something is measured: figures from a busy machine are only good as ratios.</summary>
internal static class MachineLoad
{
    /// <summary>The load average of the last minute, or -1 where the system does not tell.</summary>
    public static double LastMinute
    {
        get
        {
            const string Source = "/proc/loadavg";
            return File.Exists(Source) ? double.Parse(File.ReadAllText(Source).Split(' ')[0], CultureInfo.InvariantCulture) : -1;
        }
    }
}
