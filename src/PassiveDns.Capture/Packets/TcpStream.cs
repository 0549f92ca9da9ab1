using System.Buffers;
using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>
/// One direction of a TCP connection: octets are put in their places and messages taken out by their length prefix (RFC 1035 section 4.2.2,
/// RFC 7766). The buffer keeps octets that were read until it needs the room, so that a later copy which differs is noticed.
/// </summary>
internal sealed class TcpStream(ArrayPool<byte> buffers)
{
    /// <summary>The most octets buffered: one message of the greatest length and as much again.</summary>
    public const int MaxBuffered = 128 << 10;

    private const int MaxIslands = 64;
    private const int FirstBuffer = 2048;

    private readonly List<(int Start, int End)> _islands = []; // what came in behind a hole, in order, apart from each other
    private uint _base; // the sequence number of the buffer's first octet
    private int _have; // octets without a hole
    private int _read; // of these, octets taken as messages
    private int _end; // where the stream ends, or -1

    public TcpStreamKey Key { get; private set; }

    public long LastActive { get; set; }

    public byte[] Buffer { get; private set; } = [];

    /// <summary>Segments whose octets are not part of a message that was complete.</summary>
    public int Unfinished { get; private set; }

    /// <summary>The same, one by one with where they end in the stream, if somebody traces.</summary>
    public List<(uint End, PendingPacket Packet)> Pending { get; } = [];

    /// <summary>Whether nothing more is believed, or nothing more can come.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether it was closed because of a contradiction.</summary>
    public bool IsConflicted { get; private set; }

    public void Start(TcpStreamKey key, uint firstSequence)
    {
        Key = key;
        _base = firstSequence;
        _have = 0;
        _read = 0;
        _end = -1;
        Unfinished = 0;
        IsClosed = false;
        IsConflicted = false;
        _islands.Clear();
    }

    /// <summary>Whether a SYN with this sequence number belongs to the stream as it is: a copy of its first one.</summary>
    public bool IsOwnSyn(uint firstSequence) => !IsClosed && firstSequence == _base;

    public PacketFate Add(scoped in TcpSegment segment)
    {
        if (IsClosed) return IsConflicted ? PacketFate.TcpConflict : segment.Data.IsEmpty ? PacketFate.TcpControl : PacketFate.TcpRetransmission;
        ReadOnlySpan<byte> data = segment.Data;
        long offset = (int)(segment.Sequence + (segment.Syn ? 1u : 0u) - _base); // serial arithmetic (RFC 9293 section 3.4)
        if (segment.Fin || segment.Reset) NoteEnd(offset + data.Length);
        if (data.IsEmpty) return PacketFate.TcpControl;
        if (offset < 0)
        {
            if (offset + data.Length <= 0) return PacketFate.TcpRetransmission;
            data = data[(int)-offset..];
            offset = 0;
        }

        if (offset + data.Length > MaxBuffered) offset -= Compact();
        if (offset + data.Length > MaxBuffered) return PacketFate.TcpLimit;
        return Place((int)offset, data);
    }

    /// <summary>Takes the next whole message.</summary>
    public bool TryRead(out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_have - _read >= 2)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(Buffer.AsSpan(_read));
            if (_have - _read - 2 >= length)
            {
                message = Buffer.AsSpan(_read + 2, length);
                _read += 2 + length;
                Unfinished = _read == _have ? _islands.Count : Math.Min(Unfinished, 1 + _islands.Count);
                return true;
            }
        }

        if (_end >= 0 && _read >= _end) IsClosed = true;
        return false;
    }

    /// <summary>Ends the stream and gives its buffer back to the pool.</summary>
    /// <returns>The segments that were never part of a whole message.</returns>
    public int Close()
    {
        int unfinished = Unfinished;
        if (Buffer.Length > 0) buffers.Return(Buffer);
        Buffer = [];
        Unfinished = 0;
        IsClosed = true;
        return unfinished;
    }

    private void NoteEnd(long end)
    {
        if (end < _have || end > _have + MaxBuffered || _end >= 0) return;
        _end = (int)end;
        if (_read >= _end) IsClosed = true;
    }

    private PacketFate Place(int start, ReadOnlySpan<byte> data)
    {
        int end = start + data.Length;
        bool isNew = end > _have;
        if (!Agrees(start, data, 0, _have)) return Conflict();
        foreach ((int from, int to) in _islands)
        {
            if (start >= from && end <= to) isNew = false;
            if (!Agrees(start, data, from, to)) return Conflict();
        }

        if (!isNew) return PacketFate.TcpRetransmission;
        if (start > _have && _islands.Count == MaxIslands) return PacketFate.TcpLimit;

        // What overlaps is equal, so copying all of it keeps the first copy.
        Reserve(end);
        data.CopyTo(Buffer.AsSpan(start));
        Unfinished++;
        if (start > _have) AddIsland(start, end);
        else _have = end;
        while (_islands.Count > 0 && _islands[0].Start <= _have)
        {
            _have = Math.Max(_have, _islands[0].End);
            _islands.RemoveAt(0);
        }

        return PacketFate.TcpSegment;
    }

    private bool Agrees(int start, ReadOnlySpan<byte> data, int from, int to)
    {
        int low = Math.Max(start, from);
        int high = Math.Min(start + data.Length, to);
        return low >= high || data[(low - start)..(high - start)].SequenceEqual(Buffer.AsSpan(low, high - low));
    }

    private PacketFate Conflict()
    {
        IsClosed = IsConflicted = true;
        return PacketFate.TcpConflict;
    }

    private void AddIsland(int start, int end)
    {
        int at = 0;
        while (at < _islands.Count && _islands[at].End < start) at++;
        while (at < _islands.Count && _islands[at].Start <= end)
        {
            start = Math.Min(start, _islands[at].Start);
            end = Math.Max(end, _islands[at].End);
            _islands.RemoveAt(at);
        }

        _islands.Insert(at, (start, end));
    }

    // Moves what was not read yet to the front of the buffer.
    private int Compact()
    {
        int shift = _read;
        if (shift == 0) return 0;
        int last = _islands.Count > 0 ? _islands[^1].End : _have;
        Buffer.AsSpan(shift, last - shift).CopyTo(Buffer);
        for (int i = 0; i < _islands.Count; i++) _islands[i] = (_islands[i].Start - shift, _islands[i].End - shift);
        _base += (uint)shift;
        _have -= shift;
        _read = 0;
        if (_end >= 0) _end -= shift;
        return shift;
    }

    private void Reserve(int length)
    {
        if (length <= Buffer.Length) return;
        byte[] larger = buffers.Rent(Math.Min(MaxBuffered, Math.Max(length, Math.Max(FirstBuffer, Buffer.Length * 2))));
        Buffer.CopyTo(larger, 0);
        if (Buffer.Length > 0) buffers.Return(Buffer);
        Buffer = larger;
    }
}
