using PassiveDns.Capture;

namespace PassiveDns.Benchmarks.Packets;

/// <summary>All that PassiveDns.Capture does with a packet: also checksums, the vantage, and queries matched with responses.</summary>
internal sealed class WholeDecoderReader : PacketReader
{
    private readonly MessageBatch _batch = new();

    public override string Name => "PassiveDns, to matched responses";

    public override PacketCounts Read(string path)
    {
        PcapFileSource source = PcapFileSource.Open([path]);
        bool more = true;
        while (more)
        {
            _batch.Clear();
            more = source.ReadAsync(_batch).AsTask().GetAwaiter().GetResult();
        }

        CaptureReport report = source.GetReport();
        source.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return new() { Packets = report.Packets, Datagrams = report.Messages, Octets = report.Observed };
    }
}
