using Google.Protobuf;

namespace PassiveDns.Capture.Tests;

/// <summary>A dnstap decoder with its output, for tests that bring their own frames. Checks the sum laws after every frame.</summary>
internal sealed class Tapping(VantageOptions? options = null)
{
    private readonly MessageBatch _batch = new();
    private long _frames;

    public DnstapDecoder Decoder { get; } = new(options ?? new());

    public List<TappedResponse> Observed { get; } = [];

    public long? Arrival { get; set; }

    public void Add(byte[] frame, bool hasRoom = true)
    {
        _batch.Clear();
        Assert.True(Decoder.TryTake(frame, Arrival, hasRoom ? _batch : null));
        foreach (CapturedResponse response in _batch) Observed.Add(DnstapRun.Copy(response));
        _frames++;
        Check();
    }

    public void Add(Tap.Dnstap frame) => Add(frame.ToByteArray());

    public void Exchange(int id, string name, string server = Wire.Server, string? zone = null)
    {
        foreach (byte[] frame in TapFrames.Exchange(id, name, server, zone)) Add(frame);
    }

    public void AssertFates(params (DnstapFate Fate, int Count)[] expected)
    {
        foreach (DnstapFate fate in Enum.GetValues<DnstapFate>())
        {
            Assert.Equal((fate, expected.FirstOrDefault(e => e.Fate == fate).Count), (fate, (int)Decoder.Counters.Messages[fate]));
        }
    }

    private void Check()
    {
        DnstapCounters counters = Decoder.Counters;
        Assert.Equal(_frames, counters.Frames.Total);
        Assert.Equal(counters.Frames[FrameFate.Message], counters.Messages.Total);
        Assert.Equal(counters.Messages[DnstapFate.Query], counters.Queries.Total);
        Assert.Equal(Observed.Count, counters.Messages[DnstapFate.Observed]);
    }
}
