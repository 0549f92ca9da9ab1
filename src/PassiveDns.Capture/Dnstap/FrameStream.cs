using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace PassiveDns.Capture;

/// <summary>
/// The reading side of Frame Streams, or of frames that only have lengths: data frames out of a pipe, and the handshake around them. A frame that lies in one segment of the pipe is
/// handed out where it stands; one that is cut by a border is copied. Content never makes it throw.
/// </summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class FrameStream(PipeReader input, FrameStreamRole role, int maxFrameLength)
{
    private const int LengthOctets = 4;

    private enum State
    {
        Beginning,
        Accepted,
        Data,
        Stopped,
    }

    private readonly Tally<ControlFate> _controls = new();
    private readonly int _prefixLength = role == FrameStreamRole.LengthPrefixed ? 2 : LengthOctets;
    private State _state = role == FrameStreamRole.LengthPrefixed ? State.Data : State.Beginning;
    private ReadOnlySequence<byte> _received;
    private ReadOnlyMemory<byte> _segment; // the first one of _received
    private int _at; // in _segment
    private byte[] _copy = [];
    private int _copied;
    private int _frameStart;
    private int _frameLength;
    private long _leftInPipe;
    private bool _isHeld; // whether _received is what the pipe gave and must be given back
    private bool _isCompleted;

    /// <summary>The current data frame; valid until the next step.</summary>
    public ReadOnlySpan<byte> Frame => _copied > 0 ? _copy.AsSpan(0, _copied) : _segment.Span.Slice(_frameStart, _frameLength);

    /// <summary>What the writer waits for, after <see cref="FrameStreamStatus.Reply"/>.</summary>
    public ReadOnlyMemory<byte> Reply { get; private set; }

    /// <summary>Why it ended.</summary>
    public FrameStreamEnd End { get; private set; }

    /// <summary>The content type that it names, if that was the reason of its end.</summary>
    public string ContentType { get; private set; } = "";

    /// <summary>Whether data frames may come.</summary>
    public bool HasStarted => _state is State.Data or State.Stopped;

    /// <summary>Whether the writer has said that it stops.</summary>
    public bool HasStopped => _state == State.Stopped;

    /// <summary>Whether the writer waits for a FINISH behind its STOP.</summary>
    public bool IsAnswerExpected { get; private set; }

    /// <summary>Whether a data frame has begun that is not here to its end.</summary>
    public bool IsInsideFrame => _state == State.Data && (_isHeld ? Left : _leftInPipe) > 0;

    /// <summary>Octets behind which the reading stands.</summary>
    public long Offset { get; private set; }

    /// <summary>The fates of control frames.</summary>
    public Tally<ControlFate> Controls => _controls;

    /// <summary>Goes on to the next data frame, as far as the octets that are here reach.</summary>
    public FrameStreamStatus Next()
    {
        _copied = 0;
        while (End == FrameStreamEnd.Open)
        {
            if (!TryPeek(_prefixLength, out ReadOnlySpan<byte> prefix)) return RunDry();
            uint length = _prefixLength == LengthOctets ? BinaryPrimitives.ReadUInt32BigEndian(prefix) : BinaryPrimitives.ReadUInt16BigEndian(prefix);
            if (length == 0 && role != FrameStreamRole.LengthPrefixed)
            {
                FrameStreamStatus status = ReadControl();
                if (status != FrameStreamStatus.Frame) return status;
                continue;
            }

            if (_state != State.Data) return Fail(FrameStreamEnd.MalformedControl);
            if (length > maxFrameLength) return Fail(FrameStreamEnd.FrameTooLong);
            int whole = _prefixLength + (int)length;
            if (_segment.Length - _at >= whole)
            {
                (_frameStart, _frameLength) = (_at + _prefixLength, (int)length);
            }
            else
            {
                if (Left < whole) return RunDry();
                Join();
                if (_segment.Length >= whole) (_frameStart, _frameLength) = (_prefixLength, (int)length);
                else Copy(_prefixLength, (int)length);
            }

            Skip(whole);
            return FrameStreamStatus.Frame;
        }

        return FrameStreamStatus.Ended;
    }

    /// <summary>Goes on to the next data frame that is here, although the stream was ended.</summary>
    public bool NextBuffered()
    {
        (FrameStreamEnd end, End) = (End, FrameStreamEnd.Open);
        bool isFrame = Next() == FrameStreamStatus.Frame;
        End = end;
        return isFrame;
    }

    /// <summary>Waits for more octets. The current frame is gone then.</summary>
    /// <exception cref="IOException">The medium failed.</exception>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_isHeld) GiveBack();
        if (_isCompleted) return;
        ReadResult read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
        Hold(read);
    }

    /// <summary>Ends the stream for a reason of the caller's, unless it has ended.</summary>
    public void Stop(FrameStreamEnd why)
    {
        if (End == FrameStreamEnd.Open) End = why;
    }

    /// <summary>Completes the pipe, and closes the stream that it stands on.</summary>
    public void Complete()
    {
        (_received, _segment, _isHeld, _isCompleted) = (default, default, false, true);
        input.Complete();
    }

    private long Left => _received.Length - _at;

    private void Hold(in ReadResult read)
    {
        _received = read.Buffer;
        _segment = _received.First;
        _at = 0;
        (_isHeld, _isCompleted) = (true, read.IsCompleted);
    }

    private void GiveBack()
    {
        SequencePosition start = _received.GetPosition(_at);
        _leftInPipe = Left;
        input.AdvanceTo(start, _received.End);
        (_received, _segment, _at, _isHeld) = (default, default, 0, false);
    }

    private bool TryPeek(int length, out ReadOnlySpan<byte> octets)
    {
        octets = _segment.Span[_at..];
        if (octets.Length >= length) return true;
        if (!_isHeld || Left < length) return false;
        Join();
        if (_segment.Length < length)
        {
            Copy(0, length);
            octets = _copy.AsSpan(0, length);
            _copied = 0;
        }
        else
        {
            octets = _segment.Span;
        }

        return true;
    }

    // What is left begins at the start of a segment again.
    private void Join()
    {
        _received = _received.Slice(_at);
        _segment = _received.First;
        _at = 0;
    }

    private void Copy(int offset, int length)
    {
        if (_copy.Length < length) _copy = new byte[Math.Max(length, 4096)];
        _received.Slice(_at + offset, length).CopyTo(_copy);
        (_copied, _frameStart, _frameLength) = (length, 0, 0); // the frame is the copy, also an empty one
    }

    private void Skip(int octets)
    {
        Offset += octets;
        if (_segment.Length - _at >= octets)
        {
            _at += octets;
            return;
        }

        _received = _received.Slice(_at + octets);
        (_segment, _at) = (_received.First, 0);
    }

    private FrameStreamStatus RunDry()
    {
        if (!_isCompleted) return FrameStreamStatus.NeedMore;
        bool isAtBorder = !_isHeld || Left == 0;
        Stop(!isAtBorder ? FrameStreamEnd.Cut : _state == State.Stopped || role == FrameStreamRole.LengthPrefixed ? FrameStreamEnd.Finished : FrameStreamEnd.NotStopped);
        return FrameStreamStatus.Ended;
    }

    private FrameStreamStatus Fail(FrameStreamEnd why)
    {
        Stop(why);
        return FrameStreamStatus.Ended;
    }

    /// <returns><see cref="FrameStreamStatus.Frame"/> to go on.</returns>
    private FrameStreamStatus ReadControl()
    {
        if (!TryPeek(2 * LengthOctets, out ReadOnlySpan<byte> prefix)) return RunDry();
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[LengthOctets..]);
        if (length is 0 or > ControlFrame.MaxLength) return RefuseControl(FrameStreamEnd.MalformedControl);
        int whole = (2 * LengthOctets) + (int)length;
        if (!TryPeek(whole, out ReadOnlySpan<byte> octets)) return RunDry();
        if (!ControlFrame.TryRead(octets[(2 * LengthOctets)..whole], out ControlFrame control)) return RefuseControl(FrameStreamEnd.MalformedControl);
        FrameStreamStatus status = Obey(control);
        Skip(whole);
        return status;
    }

    private FrameStreamStatus Obey(scoped in ControlFrame control)
    {
        switch (control.Type)
        {
            case ControlFrameType.Ready when _state == State.Beginning && role != FrameStreamRole.File:
                if (!control.AllowsDnstap) return RefuseContent(control);
                _state = State.Accepted;

                // Only what the writer offered may be accepted: nothing, if it offered nothing by name.
                Reply = ControlFrame.Write(ControlFrameType.Accept, namesDnstap: control.ContentTypes > 0);
                _controls.Count(ControlFate.Obeyed);
                return FrameStreamStatus.Reply;

            case ControlFrameType.Start when MayStart:
                if (_state == State.Beginning && role == FrameStreamRole.Bidirectional) return RefuseControl(FrameStreamEnd.RefusedUnidirectional);
                if (control.ContentTypes > 1) return RefuseControl(FrameStreamEnd.MalformedControl);
                if (!control.AllowsDnstap) return RefuseContent(control);
                IsAnswerExpected = _state == State.Accepted;
                _state = State.Data;
                _controls.Count(ControlFate.Obeyed);
                return FrameStreamStatus.Frame;

            case ControlFrameType.Stop when _state == State.Data:
                _state = State.Stopped;
                _controls.Count(ControlFate.Obeyed);
                if (role == FrameStreamRole.File) return FrameStreamStatus.Frame;
                Stop(FrameStreamEnd.Finished);
                if (!IsAnswerExpected) return FrameStreamStatus.Ended;
                Reply = ControlFrame.Write(ControlFrameType.Finish, namesDnstap: false);
                return FrameStreamStatus.Reply;

            case ControlFrameType.Accept or ControlFrameType.Start or ControlFrameType.Stop or ControlFrameType.Ready or ControlFrameType.Finish:
                return RefuseControl(FrameStreamEnd.MalformedControl);

            default:
                _controls.Count(ControlFate.UnknownType); // the specification says to ignore them
                return FrameStreamStatus.Frame;
        }
    }

    // A file may be several files one after the other, also without a STOP between them.
    private bool MayStart => _state is State.Beginning or State.Accepted || role == FrameStreamRole.File;

    private FrameStreamStatus RefuseContent(scoped in ControlFrame control)
    {
        ContentType = Visible(control.FirstContentType);
        return RefuseControl(FrameStreamEnd.OtherContent);
    }

    private FrameStreamStatus RefuseControl(FrameStreamEnd why)
    {
        _controls.Count(ControlFate.Refused);
        return Fail(why);
    }

    private static string Visible(ReadOnlySpan<byte> octets) => string.Create(Math.Min(octets.Length, 64), octets, static (text, from) =>
    {
        for (int i = 0; i < text.Length; i++) text[i] = from[i] is > 0x20 and < 0x7F ? (char)from[i] : '?';
    });

}
