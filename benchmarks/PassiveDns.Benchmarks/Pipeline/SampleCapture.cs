namespace PassiveDns.Benchmarks.Pipeline;

/// <summary>The capture that comes with the repository, for want of a larger one.</summary>
internal static class SampleCapture
{
    /// <summary>Looks for it from the program's folder upwards.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "samples", "capture", "sample.pcapng");
            if (!File.Exists(path)) continue;
            Console.Error.WriteLine("No --capture FILE given: the repository's sample is used. It is small; most of the time goes into starting.");
            return path;
        }

        throw new FileNotFoundException("samples/capture/sample.pcapng is not there: name a capture with --capture FILE.");
    }
}
