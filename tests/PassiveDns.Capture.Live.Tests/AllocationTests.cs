using PassiveDns.Capture.Tests;

namespace PassiveDns.Capture.Live.Tests;

[Collection("network")] // one after the other: allocations are counted over the whole process
public sealed class AllocationTests
{
    private const int Frames = 20_000;

    [Fact]
    public async Task A_packet_costs_no_allocation_from_the_interface_to_the_batch()
    {
        using NetworkPair hosts = NetworkPair.MakeOrSkip();
        using RawFrames frames = new(hosts.ServerHost, NetworkPair.ServerInterface);
        VantageOptions vantage = new();
        vantage.Resolvers.Add(new(System.Net.IPAddress.Parse(Wire.Resolver), 32));
        await using LiveCaptureSource source = LiveRun.Open(hosts.ResolverHost, vantage);
        byte[] query = Wire.Ethernet(Wire.Query(1, "example.org")), response = Wire.Ethernet(Wire.Response(1, "example.org"));
        MessageBatch batch = new();
        Task<bool> reading = ReadAsync();
        await SendAsync(); // fills pools and compiles

        // A busy machine may make the queue grow by one more chunk, once; what packets cost would show in every round.
        long least = long.MaxValue;
        for (int round = 0; round < 4 && least > Frames; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await SendAsync();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.InRange(least / (double)Frames, 0, 1); // what the awaits of two seconds cost, not the packets
        source.Stop();
        Assert.False(await reading.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        async Task<bool> ReadAsync()
        {
            while (await source.ReadAsync(batch, CancellationToken.None)) batch.Clear();
            return false;
        }

        async Task SendAsync()
        {
            for (int i = 0; i < Frames; i++)
            {
                frames.Send(i % 2 == 0 ? query : response);
                if (i % 2000 == 0) await Task.Delay(50, TestContext.Current.CancellationToken);
            }

            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
    }
}
