namespace PassiveDns.Capture;

/// <summary>Opens files of captured traffic, of whatever kind they are: the content tells, not the name.</summary>
public static class CaptureFiles
{
    /// <summary>
    /// Opens files: pcap, pcapng, C-DNS (RFC 8618), dnstap and PowerDNS messages, also packed with gzip or Zstandard. Files of one kind are read as one recording, in
    /// the order of their time. Every file's start is checked now, so that a wrong file is told before anything is read.
    /// </summary>
    /// <param name="paths">One file or more. A pipe can be read only alone, for it cannot be opened twice.</param>
    /// <param name="vantage">Whose traffic may be observed; without resolvers they are inferred.</param>
    /// <param name="trace">
    /// Hears what became of each packet, message and query when it is settled; <c>null</c> costs nothing. For dnstap and PowerDNS a packet is a frame, for C-DNS an item.
    /// </param>
    /// <returns>One source for each kind of files among them. The caller disposes them.</returns>
    /// <exception cref="CaptureFileException">
    /// A file is missing, empty, no capture or of a kind that is not supported; the message is one line that says which and how to mend it.
    /// </exception>
    /// <exception cref="ArgumentException">No path was given, or an option is out of its range.</exception>
    public static IReadOnlyList<ICaptureSource> Open(IReadOnlyList<string> paths, VantageOptions? vantage = null, Action<TracedFate>? trace = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0) throw new ArgumentException("Give at least one capture file.", nameof(paths));
        vantage ??= new();
        vantage.Validate();
        return paths.Count == 1 ? [OpenOne(paths[0], vantage, trace)] : OpenAll(paths, vantage, trace);
    }

    private static ICaptureSource OpenOne(string path, VantageOptions vantage, Action<TracedFate>? trace)
    {
        FileWindow window = FileWindow.Open(path);
        CaptureFileKind kind;
        try
        {
            kind = CaptureFileKind.Of(window);
        }
        catch
        {
            window.Dispose();
            throw;
        }

        return kind.Open([path], window, vantage, trace);
    }

    private static List<ICaptureSource> OpenAll(IReadOnlyList<string> paths, VantageOptions vantage, Action<TracedFate>? trace)
    {
        Dictionary<CaptureFileKind, List<string>> groups = [];
        foreach (string path in paths)
        {
            using FileWindow window = FileWindow.Open(path, isAlone: false);
            CaptureFileKind kind = CaptureFileKind.Of(window);
            if (!groups.TryGetValue(kind, out List<string>? group)) groups.Add(kind, group = []);
            group.Add(path);
        }

        List<ICaptureSource> sources = [];
        try
        {
            foreach (CaptureFileKind kind in CaptureFileKind.All)
            {
                if (groups.TryGetValue(kind, out List<string>? group)) sources.Add(kind.Open(group, null, vantage, trace));
            }
        }
        catch
        {
            foreach (ICaptureSource source in sources) source.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }

        return sources;
    }
}
