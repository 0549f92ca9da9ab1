namespace PassiveDns.Capture;

/// <summary>What to probe, how often, and how gently. Nothing is probed unless names are given.</summary>
public sealed class ProbeOptions
{
    /// <summary>Names to ask for, each as <see cref="WatchList.Parse"/> reads it: <c>www.example.com</c>, <c>example.com MX,TXT</c>.</summary>
    public IList<string> Names { get; } = [];

    /// <summary>A file with more of them (see <see cref="WatchList.Load"/>), or <c>null</c>.</summary>
    public string? WatchListFile { get; set; }

    /// <summary>The addresses of the root servers, where each walk begins. Empty: those of the root hints, where a pipeline has some.</summary>
    public IList<HostAddress> RootServers { get; } = [];

    /// <summary>How long after a question it is asked again, one second or more. Default one hour.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>By which part of <see cref="Interval"/> a moment may be earlier or later, so that questions do not come in step; 0 to 0.5. Default 0.1.</summary>
    public double Jitter { get; set; } = 0.1;

    /// <summary>For how long names are asked again; <c>null</c> until the source is stopped, zero to ask each name once. Default <c>null</c>.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>The most questions a second to one server, 0.001 to 1,000. Default 2.</summary>
    public double ServerQuestionsPerSecond { get; set; } = 2;

    /// <summary>The most questions a second to all servers together, 0.001 to 10,000. Default 20.</summary>
    public double TotalQuestionsPerSecond { get; set; } = 20;

    /// <summary>How many questions may go out at once before the rates hold, 1 to 1,000. Default 4.</summary>
    public int Burst { get; set; } = 4;

    /// <summary>How long to wait for an answer, above zero to one minute. Default 3 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The port of the servers. Default 53; another one is for tests.</summary>
    public int Port { get; set; } = 53;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names the option and the mend.</exception>
    public void Validate()
    {
        Expect(Interval >= TimeSpan.FromSeconds(1), "Interval", "one second or more, such as 01:00:00");
        Expect(Jitter is >= 0 and <= 0.5, "Jitter", "0 to 0.5, such as 0.1");
        Expect(Duration is not { } duration || duration >= TimeSpan.Zero, "Duration", "zero to ask once, a time such as 1.00:00:00, or nothing");
        Expect(ServerQuestionsPerSecond is >= 0.001 and <= 1000, "ServerQuestionsPerSecond", "a rate from 0.001 up to 1000, such as 2");
        Expect(TotalQuestionsPerSecond is >= 0.001 and <= 10_000, "TotalQuestionsPerSecond", "a rate from 0.001 up to 10000, such as 20");
        Expect(Burst is >= 1 and <= 1000, "Burst", "1 to 1000, such as 4");
        Expect(Timeout > TimeSpan.Zero && Timeout <= TimeSpan.FromMinutes(1), "Timeout", "a time above zero and up to 00:01:00, such as 00:00:03");
        Expect(Port is >= 1 and <= ushort.MaxValue, "Port", "1 to 65535; 53 unless this is a test");
        if (Names.Count == 0 && WatchListFile is null) throw new ArgumentException("Probing.Names is empty: give names to probe in Names or in a WatchListFile.");
        foreach (string text in Names)
        {
            try
            {
                WatchList.Parse(text);
            }
            catch (FormatException e)
            {
                throw new ArgumentException($"Probing.Names: {e.Message}", e);
            }
        }
    }

    private static void Expect(bool isTrue, string option, string mend)
    {
        if (!isTrue) throw new ArgumentException($"Probing.{option} is out of range: give {mend}.");
    }
}
