namespace PassiveDns.Capture;

/// <summary>A kind of files: how its first octets look, and what reads it. All kinds stand in <see cref="All"/>.</summary>
/// <param name="Name">What it is called, for messages.</param>
/// <param name="IsStart">Whether a file that starts with these octets (unpacked) is of this kind.</param>
/// <param name="Open">
/// Makes a source of files of this kind. The window is that of the only file, or <c>null</c> if there are several; the source owns it, also when this throws.
/// </param>
internal sealed record CaptureFileKind(string Name, CaptureFileKind.Test IsStart, CaptureFileKind.Opening Open)
{
    public delegate bool Test(ReadOnlySpan<byte> start);

    public delegate ICaptureSource Opening(IReadOnlyList<string> paths, FileWindow? only, VantageOptions vantage, Action<TracedFate>? trace);

    /// <summary>Every kind, in the order in which their sources are read.</summary>
    public static IReadOnlyList<CaptureFileKind> All { get; } =
    [
        new("pcap", CaptureFormat.IsStart, PcapFileSource.Open),
        new("C-DNS", CdnsFile.IsStart, CdnsFileSource.Open),
        new("dnstap", DnstapFile.IsStart, static (paths, only, vantage, trace) => DnstapFileSource.Open(paths, only, TapFormat.Dnstap, vantage, trace)),
        new("PowerDNS", DnstapFile.IsPowerDnsStart, static (paths, only, vantage, trace) => DnstapFileSource.Open(paths, only, TapFormat.PowerDns, vantage, trace)), // last, for it has no mark
    ];

    /// <summary>Tells the kind of an open file.</summary>
    /// <exception cref="CaptureFileException">It is empty or of no kind that can be read.</exception>
    public static CaptureFileKind Of(FileWindow file)
    {
        foreach (CaptureFileKind kind in All)
        {
            if (kind.IsStart(file.Octets)) return kind;
        }

        throw new CaptureFileException($"{file.Path}: {(file.Octets.IsEmpty ? CaptureFormat.EmptyProblem : CaptureFormat.ForeignProblem)}.");
    }
}
