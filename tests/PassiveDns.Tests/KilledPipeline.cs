using System.Text;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.Spooling;

namespace PassiveDns.Tests;

/// <summary>
/// What the test program does when it is started again with <see cref="Variable"/> set: it runs a pipeline with a spool into a durable store that is down
/// now and then, and says so when the pipeline starts and when it has come to its end. It may be killed at any time.
/// </summary>
internal static class KilledPipeline
{
    public const string Variable = "PDNS_TEST_KILLED_PIPELINE";
    public const int Seconds = 20_000;

    /// <summary>The live-like feed: one response a second, each window a batch.</summary>
    public static readonly AggregationOptions Live = new() { Sensor = new("live"), Window = TimeSpan.FromSeconds(20) };

    public static AggregationOptions Import => Sample.Aggregation(maxRowsPerBatch: 4);

    /// <summary>Runs the pipeline.</summary>
    /// <param name="request"><c>import</c> or <c>live</c>, a folder, and the number of the run, with bars between them.</param>
    public static async Task RunAsync(string request)
    {
        string[] words = request.Split('|');
        await RunAsync(words[0] == "import", words[1], ulong.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task RunAsync(bool isImport, string folder, ulong run)
    {
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(Path.Combine(folder, "store"), new() { MemoryBytes = EmbeddedStoreOptions.MinMemoryBytes });
        await using TappedStore shaky = new(store, new Outages(run).Check);
        using BatchSpool spool = BatchSpool.Open(new() { Directory = Path.Combine(folder, "spool"), SegmentBytes = 4096 });
        Say("started");
        await using ICaptureSource source = isImport ? PcapFileSource.Open([Sample.Capture], Sample.Vantage()) : new Feed(store, spool);
        AggregationOptions aggregation = isImport ? Import : Live with { Epoch = run };
        PipelineOptions options = new()
        {
            DrainOnStop = !isImport,
            Spool = spool,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            MaxRetryDelay = TimeSpan.FromMilliseconds(5),
        };
        PipelineReport report = await new PassiveDnsPipeline(source, new ResponseAggregator(aggregation), shaky, options).RunAsync();
        foreach (string imbalance in report.FindImbalances()) Say(imbalance);
        foreach (SpoolDamage damage in report.Spool!.Damage) Say(damage.ToString());
        Say(report.IsComplete ? "complete" : "incomplete");
    }

    private static void Say(string line)
    {
        using Stream output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        output.Flush();
    }

    /// <summary>The store is up and down in turns of some milliseconds.</summary>
    private sealed class Outages(ulong seed)
    {
        private readonly Random _random = new((int)seed);
        private long _next = TimeProvider.System.GetTimestamp();
        private bool _isDown;

        public void Check(ObservationBatch batch)
        {
            if (TimeProvider.System.GetTimestamp() >= _next)
            {
                _isDown = !_isDown;
                _next = TimeProvider.System.GetTimestamp() + TimeProvider.System.TimestampFrequency * _random.Next(30) / 1000;
            }

            if (_isDown) throw new ObservationStoreException("test: down", isTransient: true);
        }
    }

    /// <summary>A feed that can be asked again from a time on: it goes on behind the last response that is in the store once the spool is written.</summary>
    internal sealed class Feed(IObservationStore? store = null, BatchSpool? spool = null) : ICaptureSource
    {
        private const int Start = 1_767_603_600; // begins a window
        private int _first = -1;
        private int _next;

        public string Name => "feed";

        public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
        {
            if (_first < 0)
            {
                while (spool?.GetReport().PendingBatches > 0) await Task.Delay(1, cancellationToken);
                _first = store is null ? 0 : (int)((await store.GetStatusAsync(cancellationToken)).LastSeen + 1 - Start ?? 0);
                _next = _first;
            }

            if (store is not null) await Task.Delay(1, cancellationToken);
            for (int i = 0; i < 50 && _next < Seconds; i++, _next++)
            {
                Assert.True(batch.TryAdd(new()
                {
                    Message = Responses.RootNs(_next),
                    UnixNanoseconds = (Start + (long)_next) * 1_000_000_000,
                    Server = HostAddress.FromBytes([198, 41, 0, 4]),
                }));
            }

            return _next < Seconds;
        }

        public CaptureReport GetReport()
        {
            int count = Math.Max(_next - Math.Max(_first, 0), 0);
            return new() { Packets = count, Messages = count, Observed = count, Account = [new("packets", "udp-message", count, false), new("messages", "observed", count, false)] };
        }

        public ValueTask DisposeAsync() => default;
    }
}
