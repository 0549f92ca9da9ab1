using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Capture;

/// <summary>
/// Listens for DNS servers that send dnstap: on a UNIX socket or a TCP port, any number of them at once. Each connection is a frame stream of its
/// own: a damaged one is closed and counted, and the others go on.
/// </summary>
/// <remarks>
/// It begins to listen when it is made. It stops when the token of <see cref="ReadAsync"/> is cancelled: then it takes what the senders have sent already
/// (see <see cref="DnstapListenerOptions.StopTimeout"/>), says FINISH and closes. Responses wait in a queue of bounded size; see
/// <see cref="DnstapListenerOptions.WhenFull"/>. TCP carries neither a password nor encryption: listen on an address that only the DNS servers reach.
/// </remarks>
public sealed class DnstapSocketSource : ICaptureSource
{
    private static readonly TimeSpan s_acceptPause = TimeSpan.FromMilliseconds(100);

    private readonly DnstapSocket _socket;
    private readonly TapFormat _format;
    private readonly VantageOptions _vantage;
    private readonly DnstapListenerOptions _options;
    private readonly TimeProvider _time;
    private readonly ResponseQueue _queue;
    private readonly ConnectionList _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Task _accepting;

    private DnstapSocketSource(string name, DnstapSocket socket, TapFormat format, VantageOptions vantage, DnstapListenerOptions options, TimeProvider time)
    {
        Name = name;
        _socket = socket;
        _format = format;
        _vantage = vantage;
        _options = options;
        _time = time;
        _queue = new(options.QueueOctets);
        _accepting = Task.Run(AcceptAllAsync);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Where it listens; a TCP port that was given as 0 has its number here.</summary>
    public EndPoint LocalEndPoint => _socket.LocalEndPoint;

    /// <summary>Listens on a UNIX socket.</summary>
    /// <param name="path">Where the socket is made. One that a listener which is gone left behind is replaced; anything else is not.</param>
    /// <param name="vantage">What may be observed; see <see cref="VantageOptions.Dnstap"/>.</param>
    /// <param name="options">How to deal with the senders.</param>
    /// <param name="time">The clock for messages that have no time; the system's if <c>null</c>.</param>
    /// <exception cref="IOException">The socket cannot be made; the message says why and what to do.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or the path too long.</exception>
    public static DnstapSocketSource ListenUnix(string path, VantageOptions? vantage = null, DnstapListenerOptions? options = null, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Check(ref vantage, ref options);
        return new(Path.GetFileName(path), DnstapSocket.Listen(path, options.SocketMode), TapFormat.Dnstap, vantage, options, time ?? TimeProvider.System);
    }

    /// <summary>Listens on a TCP port.</summary>
    /// <param name="endPoint">The address and the port; port 0 lets the system choose one.</param>
    /// <param name="vantage">What may be observed; see <see cref="VantageOptions.Dnstap"/>.</param>
    /// <param name="options">How to deal with the senders.</param>
    /// <param name="time">The clock for messages that have no time; the system's if <c>null</c>.</param>
    /// <exception cref="IOException">The port cannot be opened; the message says why and what to do.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static DnstapSocketSource ListenTcp(IPEndPoint endPoint, VantageOptions? vantage = null, DnstapListenerOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return ListenTcp(endPoint, TapFormat.Dnstap, vantage, options, time);
    }

    internal static DnstapSocketSource ListenTcp(IPEndPoint endPoint, TapFormat format, VantageOptions? vantage, DnstapListenerOptions? options, TimeProvider? time)
    {
        Check(ref vantage, ref options);
        string kind = format == TapFormat.Dnstap ? "dnstap" : "PowerDNS";
        DnstapSocket socket = DnstapSocket.Listen(endPoint, kind);
        string name = string.Create(CultureInfo.InvariantCulture, $"{kind} at TCP port {((IPEndPoint)socket.LocalEndPoint).Port}");
        return new(name, socket, format, vantage, options, time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        while (true)
        {
            if (cancellationToken.IsCancellationRequested) await _stop.CancelAsync().ConfigureAwait(false);
            if (!_queue.TryDrain(batch) || batch.Count > 0) return true;
            try
            {
                // Once it stops, the wait is for the connections to hand on what they have, and that has an end of its own.
                if (!await _queue.WaitAsync(_stop.IsCancellationRequested ? default : cancellationToken).ConfigureAwait(false)) return false;
            }
            catch (OperationCanceledException)
            {
                continue;
            }
        }
    }

    /// <inheritdoc/>
    public CaptureReport GetReport()
    {
        long handedOn = _queue.HandedOn; // before the others, which only grow
        DnstapCounters counters = _connections.Sum(out long bytes, out IReadOnlyList<StageCount> connections);
        counters.Messages.Count(DnstapFate.Held, counters.Messages[DnstapFate.Observed] - handedOn);
        counters.Messages.Count(DnstapFate.Observed, handedOn - counters.Messages[DnstapFate.Observed]);
        return new()
        {
            BytesRead = bytes,
            Packets = counters.Frames.Total,
            Messages = counters.Messages.Total,
            Observed = handedOn,
            Account = [.. counters.ToAccount(), .. connections],
            Notes = [.. counters.ToNotes(), .. NotesOn(connections)],
        };
    }

    /// <summary>Ends listening at once. What was not taken by <see cref="ReadAsync"/> is lost, and stays counted as held.</summary>
    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _stop.Dispose();
        _abort.Dispose();
    }

    private static void Check([System.Diagnostics.CodeAnalysis.NotNull] ref VantageOptions? vantage, [System.Diagnostics.CodeAnalysis.NotNull] ref DnstapListenerOptions? options)
    {
        vantage ??= new();
        vantage.Validate();
        options ??= new();
        options.Validate();
    }

    private static IEnumerable<string> NotesOn(IReadOnlyList<StageCount> connections)
    {
        foreach (StageCount line in connections)
        {
            string? mend = line.Fate switch
            {
                "other-content" => "offered something else than dnstap (protobuf:dnstap.Dnstap) and were closed",
                "refused-unidirectional" => "did not wait for an answer and were closed; make the sender bidirectional, or set DnstapListener.AcceptUnidirectional to true",
                "frame-too-long" => "sent a frame longer than Vantage.Dnstap.MaxFrameLength and were closed",
                "too-many" => "were closed because DnstapListener.MaxConnections were open",
                "handshake-timeout" => "did not begin within DnstapListener.HandshakeTimeout and were closed",
                _ => null,
            };
            if (mend is not null) yield return string.Create(CultureInfo.InvariantCulture, $"{line.Count:N0} connections {mend}.");
        }
    }

    private async Task AcceptAllAsync()
    {
        List<Task> running = [];
        try
        {
            while (true)
            {
                Socket sender = await AcceptAsync().ConfigureAwait(false);
                running.RemoveAll(static task => task.IsCompleted);
                if (_connections.Count >= _options.MaxConnections)
                {
                    _connections.CountRefused();
                    sender.Dispose();
                    continue;
                }

                DnstapConnection connection = new(sender, _format, _vantage, _options, _queue, _time);
                _connections.Add(connection);
                running.Add(Task.Run(() => RunAsync(connection), CancellationToken.None));
            }
        }
        catch (OperationCanceledException)
        {
            // The stop.
        }
        finally
        {
            _socket.Dispose();
            await Task.WhenAll(running).ConfigureAwait(false);
            _queue.Complete();
        }
    }

    private async Task RunAsync(DnstapConnection connection)
    {
        try
        {
            await connection.RunAsync(_stop.Token, _abort.Token).ConfigureAwait(false);
        }
        finally
        {
            _connections.Remove(connection);
            connection.Close();
        }
    }

    private async ValueTask<Socket> AcceptAsync()
    {
        while (true)
        {
            try
            {
                return await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // A sender that left before it was accepted, or no descriptors for the moment: neither ends the listening.
                await Task.Delay(s_acceptPause, _time, _stop.Token).ConfigureAwait(false);
            }
        }
    }
}
