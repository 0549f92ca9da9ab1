using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Capture.Tests;

/// <summary>Real sockets, written to as DNS servers do.</summary>
public sealed class DnstapSocketTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"pdns-{Guid.NewGuid():N}.sock");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_senders_at_once_are_read_to_the_last_frame(bool isTcp)
    {
        const int Senders = 8, Exchanges = 2000;
        await using DnstapSocketSource source = isTcp ? Tcp() : Unix();
        Task<Reading> reading = Reading.StartAsync(source, r => r.Observed == Senders * Exchanges);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async s =>
        {
            using TapSender sender = await TapSender.StartAsync(source.LocalEndPoint);
            for (int i = 0; i < Exchanges; i += 100)
            {
                await sender.SendFramesAsync(Enumerable.Range(i, 100).SelectMany(id => TapFrames.Exchange(id, $"s{s}.example.org")));
            }

            await sender.FinishAsync();
        }));
        Reading read = await reading;
        await Reading.WaitAsync(() => Conservation.Of(source.GetReport(), "connections", "finished") == Senders);
        read.Report = source.GetReport();
        Assert.Equal(Senders * Exchanges, read.Observed);
        Assert.Equal(2 * Senders * Exchanges, read.Report.Packets);
        Conservation.CheckEnd(read.Report, 2 * Senders * Exchanges, Senders * Exchanges);
        Assert.Empty(read.Report.Notes);
    }

    [Fact]
    public async Task A_slow_reader_holds_the_senders_back_and_nothing_is_lost()
    {
        const int Exchanges = 40_000;
        await using DnstapSocketSource source = Unix(new() { QueueOctets = 1 << 20 });
        using TapSender sender = await TapSender.StartAsync(source.LocalEndPoint);
        byte[] frames = [.. Enumerable.Range(0, 1000).SelectMany(id => TapFrames.Exchange(id, "www.example.org")).SelectMany(TapFrames.Data)];
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < Exchanges / 1000; i++) await sender.SendAsync(frames);
            await sender.FinishAsync();
        });
        await Task.WhenAny(sending, Task.Delay(1000, TestContext.Current.CancellationToken));
        Assert.False(sending.IsCompleted, "the sender should wait for the reader");
        Assert.True(Conservation.Of(source.GetReport(), "messages", "held") > 0);

        Reading read = await Reading.StartAsync(source, r => r.Observed == Exchanges, TimeSpan.FromMilliseconds(2));
        await sending;
        Assert.Equal(Exchanges, read.Observed);
        Conservation.CheckEnd(read.Report, 2 * Exchanges, Exchanges);
    }

    [Fact]
    public async Task A_full_queue_may_drop_what_is_new_and_counts_it()
    {
        const int Exchanges = 30_000;
        await using DnstapSocketSource source = Unix(new() { QueueOctets = 1 << 20, WhenFull = DnstapQueuePolicy.DropNewest });
        using (TapSender sender = await TapSender.StartAsync(source.LocalEndPoint))
        {
            byte[] frames = [.. Enumerable.Range(0, 1000).SelectMany(id => TapFrames.Exchange(id, "www.example.org")).SelectMany(TapFrames.Data)];
            for (int i = 0; i < Exchanges / 1000; i++) await sender.SendAsync(frames);
            await sender.FinishAsync(); // nobody has read a thing
        }

        Reading read = await Reading.StartAsync(source, r => r.Conservation("messages", "held") == 0);
        long dropped = Conservation.Of(read.Report, "messages", "dropped-queue-full");
        Assert.True(dropped > 0 && read.Observed > 0);
        Assert.Equal(Exchanges, dropped + read.Observed);
        Conservation.CheckEnd(read.Report, 2 * Exchanges, read.Observed);
    }

    [Fact]
    public async Task A_stop_takes_what_was_sent_says_finish_and_removes_the_socket()
    {
        DnstapSocketSource source = Unix();
        using TapSender sender = await TapSender.StartAsync(source.LocalEndPoint);
        await sender.SendFramesAsync(Enumerable.Range(0, 500).SelectMany(id => TapFrames.Exchange(id, "www.example.org")));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        MessageBatch batch = new(messageCapacity: 64);
        int observed = 0;
        bool more;
        do
        {
            batch.Clear();
            more = await source.ReadAsync(batch, stop.Token);
            observed += batch.Count;
        }
        while (more);
        Assert.Equal(500, observed);
        Assert.Equal(1, Conservation.Of(source.GetReport(), "connections", "closed"));
        Conservation.CheckEnd(source.GetReport(), 1000, 500);
        await sender.ExpectFinishAsync();
        Assert.False(File.Exists(_path));
        await source.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_reader_disposing_ends_at_once_and_what_is_held_stays_counted()
    {
        DnstapSocketSource source = Unix();
        using TapSender sender = await TapSender.StartAsync(source.LocalEndPoint);
        await sender.SendFramesAsync(TapFrames.Exchange(1, "www.example.org"));
        await Reading.WaitAsync(() => source.GetReport().Packets == 2);
        await source.DisposeAsync();
        Conservation.Check(source.GetReport());
        Assert.Equal(1, Conservation.Of(source.GetReport(), "messages", "held"));
        Assert.Equal(0, source.GetReport().Observed);
    }

    [Fact]
    public async Task A_damaged_connection_is_closed_and_counted_and_the_others_go_on()
    {
        VantageOptions vantage = new();
        vantage.Dnstap.MaxFrameLength = 4096;
        await using DnstapSocketSource source = Unix(new() { MaxConnections = 2, HandshakeTimeout = TimeSpan.FromSeconds(3), AcceptUnidirectional = false }, vantage);
        using TapSender good = await TapSender.StartAsync(source.LocalEndPoint);
        await good.SendFramesAsync(TapFrames.Exchange(1, "www.example.org"));
        await BadAsync("frame-too-long", [.. Handshake(), 0, 0x10, 0, 1]);
        await BadAsync("malformed-control", [.. Handshake(), .. new byte[8]]);
        await BadAsync("other-content", TapFrames.Control(TapFrames.Ready, "test:hello"));
        await BadAsync("refused-unidirectional", TapFrames.Control(TapFrames.Start, TapFrames.ContentType));
        await BadAsync("handshake-timeout", [0, 0, 0]);
        await BadAsync("cut", [.. Handshake(), .. TapFrames.Data([1, 2, 3])[..6]], closes: true);
        await BadAsync("not-stopped", Handshake(), closes: true);
        using (TapSender second = await TapSender.StartAsync(source.LocalEndPoint)) await BadAsync("too-many", []);
        await good.SendFramesAsync(TapFrames.Exchange(2, "www.example.org"));
        Reading read = await Reading.StartAsync(source, r => r.Observed == 2);
        Assert.Equal(2, read.Observed);
        Assert.Equal(1, Conservation.Of(read.Report, "packets", "too-long"));
        Assert.Equal(1, Conservation.Of(read.Report, "packets", "cut"));
        Assert.Contains(read.Report.Notes, note => note.Contains("MaxFrameLength", StringComparison.Ordinal));

        static byte[] Handshake() => [.. TapFrames.Control(TapFrames.Ready, TapFrames.ContentType), .. TapFrames.Control(TapFrames.Start, TapFrames.ContentType)];

        async Task BadAsync(string fate, byte[] octets, bool closes = false)
        {
            using TapSender bad = await TapSender.ConnectAsync(source.LocalEndPoint);
            await bad.SendAsync(octets);
            if (closes)
            {
                await bad.ReceiveAsync(TapFrames.Control(1, TapFrames.ContentType).Length); // closing with something unread is a reset
                bad.Dispose();
            }

            await Reading.WaitAsync(() => Conservation.Of(source.GetReport(), "connections", fate) >= 1);
        }
    }

    [Fact]
    public async Task A_sender_that_does_not_ask_is_taken_by_default()
    {
        await using DnstapSocketSource source = Unix();
        using TapSender sender = await TapSender.ConnectAsync(source.LocalEndPoint);
        await sender.SendAsync(TapFrames.File(TapFrames.Exchange(1, "www.example.org")));
        Reading read = await Reading.StartAsync(source, r => r.Observed == 1);
        Assert.Equal(1, read.Observed);
    }

    [Fact]
    public async Task A_message_without_a_time_has_that_of_its_arrival()
    {
        await using DnstapSocketSource source = Unix();
        using TapSender sender = await TapSender.StartAsync(source.LocalEndPoint);
        Tap.Dnstap tap = TapFrames.Message(DnstapMessageType.ResolverResponse, Wire.Message(7, "a.example", true));
        tap.Message.ClearQueryTimeSec();
        tap.Message.ClearResponseTimeSec();
        await sender.SendFramesAsync([Google.Protobuf.MessageExtensions.ToByteArray(tap)]);
        Reading read = await Reading.StartAsync(source, r => r.Observed == 1);
        Assert.InRange(DateTimeOffset.UnixEpoch.AddTicks(read.LastTime / 100), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task A_socket_file_that_was_left_behind_is_replaced_and_nothing_else_is()
    {
        using (Socket left = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(_path));
            left.Listen();
            File.Move(_path, _path + ".left"); // closing removes the file of the name that it was bound to
        }

        File.Move(_path + ".left", _path);
        await using (DnstapSocketSource source = Unix())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, new FileInfo(_path).UnixFileMode);
            using TapSender sender = await TapSender.StartAsync(source.LocalEndPoint);
            Assert.Contains("another program listens", Assert.Throws<IOException>(() => Unix()).Message, StringComparison.Ordinal);
            Assert.True(File.Exists(_path));
        }

        await File.WriteAllTextAsync(_path, "mine", TestContext.Current.CancellationToken);
        Assert.Contains("this is no socket", Assert.Throws<IOException>(() => Unix()).Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(_path, TestContext.Current.CancellationToken));
        Assert.Contains("directory", Assert.Throws<IOException>(() => DnstapSocketSource.ListenUnix("/no/such/directory/x.sock")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DnstapSocketSource.ListenUnix("/tmp/" + new string('x', 200)));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        await using DnstapSocketSource source = Tcp();
        Assert.DoesNotContain("127.0.0.1", source.Name, StringComparison.Ordinal);
        Assert.Contains("another port", Assert.Throws<IOException>(() => DnstapSocketSource.ListenTcp((IPEndPoint)source.LocalEndPoint)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_told_with_the_mend()
    {
        foreach ((string option, Action<DnstapListenerOptions> set) in (IEnumerable<(string, Action<DnstapListenerOptions>)>)
        [
            ("MaxConnections", o => o.MaxConnections = 0), ("QueueOctets", o => o.QueueOctets = 1), ("WhenFull", o => o.WhenFull = (DnstapQueuePolicy)7),
            ("HandshakeTimeout", o => o.HandshakeTimeout = default), ("StopTimeout", o => o.StopTimeout = TimeSpan.FromDays(1)), ("SocketMode", o => o.SocketMode = (UnixFileMode)0x200),
        ])
        {
            DnstapListenerOptions options = new();
            set(options);
            Assert.StartsWith("DnstapListener." + option, Assert.Throws<ArgumentException>(() => Unix(options)).Message, StringComparison.Ordinal);
        }
    }

    private DnstapSocketSource Unix(DnstapListenerOptions? options = null, VantageOptions? vantage = null) => DnstapSocketSource.ListenUnix(_path, vantage, options);

    private static DnstapSocketSource Tcp() => DnstapSocketSource.ListenTcp(new(IPAddress.Loopback, 0));
}
