namespace PassiveDns.Capture.Tests;

/// <summary>A message that the decoder found, before the vantage filter.</summary>
internal sealed record FoundMessage(
    string Transport, int SourcePort, int DestinationPort, HostAddress Source, HostAddress Destination, long UnixNanoseconds, byte[] Octets)
{
    public string Key(bool byOctets)
    {
        if (byOctets) return $"{Transport} {Convert.ToHexStringLower(Octets)}";
        if (!DnsHeader.TryRead(Octets, out DnsHeader header)) return OracleMessage.HeaderKey(Transport, SourcePort, DestinationPort, -1, []);
        return OracleMessage.HeaderKey(Transport, SourcePort, DestinationPort, header.Id,
            [header.QuestionCount, header.AnswerCount, header.AuthorityCount, header.AdditionalCount]);
    }
}

/// <summary>A response that was handed on.</summary>
internal sealed record ObservedResponse(HostAddress Server, long UnixNanoseconds, byte[] Octets);

/// <summary>A capture read to its end.</summary>
internal sealed class CaptureRun
{
    public required List<FoundMessage> Messages { get; init; }

    public required List<ObservedResponse> Observed { get; init; }

    public required CaptureReport Report { get; init; }

    public long Count(string stage, string fate) => Report.Account.FirstOrDefault(line => line.Stage == stage && line.Fate == fate).Count;

    public static CaptureRun Read(string path, VantageOptions? vantage = null) => Read([path], vantage);

    public static CaptureRun Read(IReadOnlyList<string> paths, VantageOptions? vantage = null)
    {
        TraceCheck trace = new();
        PcapFileSource source = PcapFileSource.Open(paths, vantage, trace.Hear);
        List<FoundMessage> messages = [];
        source.Decoder.Probe = (in PacketMessage m) => messages.Add(Copy(m));
        List<ObservedResponse> observed = [];
        MessageBatch batch = new();
        bool more;
        do
        {
            batch.Clear();
            more = source.ReadAsync(batch, TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();
            foreach (CapturedResponse response in batch) observed.Add(new(response.Server, response.UnixNanoseconds, response.Message.ToArray()));
            Conservation.Check(source.GetReport());
        }
        while (more);
        CaptureReport report = source.GetReport();
        source.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Conservation.CheckEnd(report, messages.Count, observed.Count);
        trace.CheckEnd(report.Account, report.Packets);
        return new() { Messages = messages, Observed = observed, Report = report };
    }

    public static FoundMessage Copy(in PacketMessage m) => new(
        m.Protocol == 6 ? "tcp" : "udp", m.SourcePort, m.DestinationPort,
        HostAddress.FromBytes(m.Source), HostAddress.FromBytes(m.Destination), m.UnixNanoseconds, m.Message.ToArray());
}
