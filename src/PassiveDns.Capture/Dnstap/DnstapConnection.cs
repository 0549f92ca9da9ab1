using System.IO.Pipelines;
using System.Net.Sockets;

namespace PassiveDns.Capture;

/// <summary>One sender's connection, from the handshake to its end. What goes wrong on it ends it, is counted, and touches no other.</summary>
internal sealed class DnstapConnection(Socket socket, TapFormat format, VantageOptions vantage, DnstapListenerOptions options, ResponseQueue queue, TimeProvider time)
{
    private const int PipeOctets = 1 << 16;

    private readonly DnstapDecoder _decoder = new(vantage, format);
    private readonly FrameStream _frames = new(
        PipeReader.Create(new NetworkStream(socket, ownsSocket: true), new(bufferSize: PipeOctets)),
        format == TapFormat.PowerDns ? FrameStreamRole.LengthPrefixed : options.AcceptUnidirectional ? FrameStreamRole.EitherWay : FrameStreamRole.Bidirectional,
        vantage.Dnstap.MaxFrameLength);

    private MessageBatch? _buffer;
    private long _arrival;
    private bool _isFrameWaiting;

    /// <summary>The account of what came in.</summary>
    public DnstapCounters Counters => _decoder.Counters;

    /// <summary>The account of control frames.</summary>
    public Tally<ControlFate> Controls => _frames.Controls;

    /// <summary>Octets read.</summary>
    public long BytesRead => _frames.Offset;

    /// <summary>Why it ended.</summary>
    public FrameStreamEnd End => _frames.End;

    /// <summary>Reads to the end, or until a stop; ends with everything handed on.</summary>
    /// <param name="stop">Asks for the end: what the sender has sent already is read, as far as the time for it allows.</param>
    /// <param name="abort">Ends it at once.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        try
        {
            await ReadUntilStopAsync(stop).ConfigureAwait(false);
            if (End == FrameStreamEnd.Open) await EmptyAsync(abort).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            _frames.Stop(FrameStreamEnd.Failed);
        }
        catch (OperationCanceledException)
        {
            _frames.Stop(FrameStreamEnd.Closed);
        }
        finally
        {
            CountRest();
            _decoder.Complete();
            HandOn();
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Close() => _frames.Complete();

    private async Task ReadUntilStopAsync(CancellationToken stop)
    {
        using CancellationTokenSource begin = CancellationTokenSource.CreateLinkedTokenSource(stop);
        begin.CancelAfter(options.HandshakeTimeout);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                CancellationToken wait = _frames.HasStarted ? stop : begin.Token;
                switch (_frames.Next())
                {
                    case FrameStreamStatus.Frame:
                        if (!TryTake()) await TakeAsync(stop).ConfigureAwait(false);
                        break;
                    case FrameStreamStatus.NeedMore:
                        if (socket.Available == 0) HandOn(); // nobody waits for a response that is here because the sender has no more now
                        await FillAsync(wait).ConfigureAwait(false);
                        break;
                    case FrameStreamStatus.Reply:
                        await socket.SendAsync(_frames.Reply, wait).ConfigureAwait(false);
                        break;
                    default:
                        return;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is here already is still taken.
        }
        catch (OperationCanceledException)
        {
            _frames.Stop(FrameStreamEnd.HandshakeTimeout);
        }
    }

    // Takes what has arrived before the stop, and says goodbye.
    private async Task EmptyAsync(CancellationToken abort)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(abort);
        deadline.CancelAfter(options.StopTimeout);
        for (FrameStreamStatus status = _isFrameWaiting ? FrameStreamStatus.Frame : _frames.Next(); ; status = _frames.Next())
        {
            if (status == FrameStreamStatus.Frame) await TakeAsync(deadline.Token).ConfigureAwait(false);
            else if (status == FrameStreamStatus.Reply) await socket.SendAsync(_frames.Reply, deadline.Token).ConfigureAwait(false);
            else if (status == FrameStreamStatus.NeedMore && socket.Available > 0) await FillAsync(deadline.Token).ConfigureAwait(false);
            else break;
        }

        if (End != FrameStreamEnd.Open) return;
        _frames.Stop(FrameStreamEnd.Closed);
        if (_frames.IsAnswerExpected) await socket.SendAsync(ControlFrame.Write(ControlFrameType.Finish, namesDnstap: false), deadline.Token).ConfigureAwait(false);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        await _frames.FillAsync(cancellationToken).ConfigureAwait(false);
        _arrival = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
    }

    private async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        _isFrameWaiting = true;
        while (!TryTake()) _buffer ??= await queue.RentAsync(cancellationToken).ConfigureAwait(false);
        _isFrameWaiting = false;
    }

    /// <returns><c>false</c> if the frame needs a buffer that is not there yet.</returns>
    private bool TryTake()
    {
        while (true)
        {
            _buffer ??= queue.TryRent();
            if (_buffer is null && options.WhenFull == DnstapQueuePolicy.Block) return false;
            if (_decoder.TryTake(_frames.Frame, _arrival, _buffer)) return true;
            HandOn();
        }
    }

    private void HandOn()
    {
        if (_buffer is null) return;
        queue.Enqueue(_buffer);
        _buffer = null;
    }

    // What was read off the connection and could not be handed on in time has a fate too.
    private void CountRest()
    {
        if (_isFrameWaiting) _decoder.TryTake(_frames.Frame, _arrival, null);
        if (End == FrameStreamEnd.Closed)
        {
            while (_frames.NextBuffered()) _decoder.TryTake(_frames.Frame, _arrival, null);
        }

        if (End == FrameStreamEnd.FrameTooLong) _decoder.CountBroken(FrameFate.TooLong);
        else if (End is FrameStreamEnd.Cut or FrameStreamEnd.Failed or FrameStreamEnd.Closed && _frames.IsInsideFrame) _decoder.CountBroken(FrameFate.Cut);
    }
}
