namespace PassiveDns.Capture.Tests;

/// <summary>A decoder with its probe and its output, for tests that bring their own packets. Checks the sum laws after every packet.</summary>
internal sealed class Decoding
{
    private const long Second = 1_000_000_000;

    private readonly MessageBatch _batch = new();
    private long _packets;

    public Decoding(VantageOptions? options = null)
    {
        Decoder = new(options ?? new(), Trace.Hear);
        Decoder.Probe = (in PacketMessage m) => Messages.Add(CaptureRun.Copy(m));
    }

    public PacketDecoder Decoder { get; }

    public TraceCheck Trace { get; } = new();

    public List<FoundMessage> Messages { get; } = [];

    public List<ObservedResponse> Observed { get; } = [];

    /// <summary>The time in seconds that the next packets have.</summary>
    public double Now { get; set; } = 1_700_000_000;

    public static VantageOptions Vantage(params string[] resolvers)
    {
        VantageOptions options = new();
        foreach (string resolver in resolvers.DefaultIfEmpty(Wire.Resolver + "/32")) options.Resolvers.Add(System.Net.IPNetwork.Parse(resolver));
        return options;
    }

    public PacketFate Add(byte[] packet, LinkType link = LinkType.Raw, int? originalLength = null)
    {
        PacketFate fate = Decoder.Decode(link, packet, originalLength ?? packet.Length, (long)(Now * 1000) * (Second / 1000));
        _packets++;
        Drain();
        Check();
        return fate;
    }

    public void Complete()
    {
        Decoder.Complete();
        Drain();
        Check();
        Assert.Equal(0, Decoder.MessageFates[MessageFate.Held]);
        Assert.Equal(0, Decoder.PacketFates[PacketFate.FragmentWaiting]);
        Assert.Equal(Observed.Count, Decoder.Observed);
        Trace.CheckEnd(Decoder.GetAccount(), Decoder.Packets);
    }

    private void Check()
    {
        Assert.Equal(_packets, Decoder.Packets);
        Assert.Equal(Messages.Count, Decoder.Messages);
        Assert.Equal(Decoder.MessageFates[MessageFate.Query], Decoder.QueryFates.Total);
        Assert.All(Decoder.GetAccount(), line => Assert.True(line.Count > 0, line.ToString()));
    }

    private void Drain()
    {
        bool done;
        do
        {
            _batch.Clear();
            done = Decoder.TryDrain(_batch);
            foreach (CapturedResponse response in _batch) Observed.Add(new(response.Server, response.UnixNanoseconds, response.Message.ToArray()));
        }
        while (!done);
    }
}
