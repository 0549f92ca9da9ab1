using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Capture.Tests.PowerDns;

/// <summary>Messages of PowerDNS over TCP and from files.</summary>
public sealed class PowerDnsSourceTests : IDisposable
{
    private const int Exchanges = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("pdns-powerdns-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_message_of_every_sender_is_accounted_for()
    {
        await using PowerDnsSource source = PowerDnsSource.Listen(new(IPAddress.Loopback, 0));
        Task<long> reading = ReadAsync(source);
        byte[] octets = Octets();
        await Task.WhenAll(Enumerable.Range(1, 3).Select(async sender =>
        {
            using TcpClient client = new();
            await client.ConnectAsync(source.LocalEndPoint, TestContext.Current.CancellationToken);
            NetworkStream stream = client.GetStream();
            int step = 997 * sender; // pieces that end inside lengths and messages
            for (int at = 0; at < octets.Length; at += step) await stream.WriteAsync(octets.AsMemory(at, Math.Min(step, octets.Length - at)), TestContext.Current.CancellationToken);
        }));
        await WaitAsync(() => Conservation.Of(source.GetReport(), "connections", "finished") == 3);
        _stop.Cancel();
        Assert.Equal(3 * Exchanges, await reading);
        CaptureReport report = source.GetReport();
        Conservation.CheckEnd(report, report.Messages, 3 * Exchanges);
        Assert.Equal(3 * 2 * Exchanges, Conservation.Of(report, "packets", "message"));
        Assert.Equal(3L * octets.Length, report.BytesRead);
    }

    [Fact]
    public async Task A_sender_that_is_cut_off_and_one_that_sends_something_else_are_counted()
    {
        await using PowerDnsSource source = PowerDnsSource.Listen(new(IPAddress.Loopback, 0));
        Task<long> reading = ReadAsync(source);
        foreach (byte[] octets in (byte[][])[[.. PowerDnsFrames.Framed(Exchange(1)[0]), 0, 9, 8], "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [0, 0, 0, 2, 0xFF, 0xFF]])
        {
            using TcpClient client = new();
            await client.ConnectAsync(source.LocalEndPoint, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(octets, TestContext.Current.CancellationToken);
        }

        await WaitAsync(() => Conservation.Of(source.GetReport(), "connections", "cut") + Conservation.Of(source.GetReport(), "connections", "finished") == 3);
        _stop.Cancel();
        Assert.Equal(0, await reading);
        CaptureReport report = source.GetReport();
        Assert.Equal(
            (2, 1, 1, 1),
            (Conservation.Of(report, "packets", "cut"), Conservation.Of(report, "packets", "message"), Conservation.Of(report, "packets", "not-a-message"), Conservation.Of(report, "packets", "malformed-protobuf")));
        Conservation.Check(report);
    }

    [Fact]
    public void A_file_is_known_by_its_first_message_also_packed()
    {
        string plain = Write("plain", Octets());
        string packed = Path.Combine(_folder, "packed.gz");
        using (FileStream file = File.Create(packed))
        using (System.IO.Compression.GZipStream gzip = new(file, System.IO.Compression.CompressionLevel.Fastest)) gzip.Write(Octets());
        foreach (string path in (string[])[plain, packed])
        {
            DnstapRun run = DnstapRun.Read(Assert.Single(CaptureFiles.Open([path])), new());
            Assert.Equal(Exchanges, run.Observed.Count);
            Assert.Equal(Exchanges, run.Count("queries", "answered"));
            Assert.Null(run.Report.Damage);
        }
    }

    [Fact]
    public void A_query_in_one_file_meets_its_answer_in_the_next()
    {
        PBDNSMessage[] exchange = Exchange(1);
        exchange[1].TimeSec++;
        string later = Write("a", PowerDnsFrames.Framed(exchange[1]));
        string earlier = Write("b", PowerDnsFrames.Framed(exchange[0]));
        DnstapRun run = DnstapRun.Read(Assert.Single(CaptureFiles.Open([later, earlier])), new());
        Assert.Equal(1, run.Count("queries", "answered"));
        Assert.Single(run.Observed);
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_gives_what_came_before()
    {
        byte[] whole = [.. Exchange(1).Concat(Exchange(2)).SelectMany(message => PowerDnsFrames.Framed(message))];
        int first = PowerDnsFrames.Framed(Exchange(1)[0]).Length;
        for (int length = first; length < whole.Length; length++)
        {
            DnstapRun run = DnstapRun.Read(Assert.Single(CaptureFiles.Open([Write("cut", whole[..length])])), new());
            Assert.InRange(run.Observed.Count, 0, 1);
            Assert.Equal(run.Report.Damage is not null, run.Count("packets", "cut") == 1);
        }

        Assert.Throws<CaptureFileException>(() => CaptureFiles.Open([Write("cut", whole[..(first - 1)])]));
    }

    [Fact]
    public void An_option_out_of_its_range_is_told() =>
        Assert.Throws<ArgumentException>(() => PowerDnsSource.Listen(new(IPAddress.Loopback, 0), options: new() { MaxConnections = 0 }));

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private async Task<long> ReadAsync(PowerDnsSource source)
    {
        MessageBatch batch = new();
        long observed = 0;
        bool more;
        do
        {
            batch.Clear();
            more = await source.ReadAsync(batch, _stop.Token);
            observed += batch.Count;
        }
        while (more);
        return observed;
    }

    private static async Task WaitAsync(Func<bool> holds)
    {
        while (!holds()) await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    private string Write(string name, byte[] octets)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, octets);
        return path;
    }

    private static byte[] Octets() => [.. Enumerable.Range(0, Exchanges).SelectMany(Exchange).SelectMany(message => PowerDnsFrames.Framed(message))];

    private static PBDNSMessage[] Exchange(int id)
    {
        string name = $"n{id}.example.org.";
        return [PowerDnsFrames.Query(id, name), PowerDnsFrames.Response(id, name, RecordType.A, PowerDnsFrames.Address("192.0.2.1"))];
    }
}
