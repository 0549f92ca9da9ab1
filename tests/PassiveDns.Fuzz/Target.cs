namespace PassiveDns.Fuzz;

/// <summary>Something that takes any octets and throws if a promise is broken.</summary>
/// <param name="input">Any octets.</param>
internal delegate void FuzzTarget(ReadOnlySpan<byte> input);

/// <summary>A target and its name, which is also the name of its folder under Corpus.</summary>
internal sealed class Target(string name, FuzzTarget run)
{
    public static IReadOnlyDictionary<string, Target> All { get; } = new Target[]
    {
        new("reader", ReaderTarget.Run),
        new("writer", WriterTarget.Run),
        new("text", TextTarget.Run),
        new("zone", ZoneTarget.Run),
        new("cof", CofTarget.Run),
        new("include", IncludeTarget.Run),
        new("framing", FramingTarget.Run),
        new("capture", CaptureTarget.Run),
        new("dnstap", DnstapTarget.Run),
        new("powerdns", PowerDnsTarget.Run),
        new("cdns", CdnsTarget.Run),
        new("packets", PacketsTarget.Run),
        new("history", HistoryTarget.Run),
        new("rows", RowsTarget.Run),
        new("batches", BatchFileTarget.Run),
        new("mail", MailTarget.Run),
        new("lookalikes", LookalikesTarget.Run),
    }.ToDictionary(target => target.Name);

    public string Name { get; } = name;

    /// <summary>Runs it over octets behind which nothing may be read.</summary>
    public void Run(ReadOnlySpan<byte> input) => run(GuardedInput.Place(input));
}
