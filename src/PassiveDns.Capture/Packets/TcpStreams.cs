using System.Buffers;
using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>The TCP streams on port 53, bounded in streams, octets and idle time. Add a segment, then read messages until there are none.</summary>
internal sealed class TcpStreams(ArrayPool<byte> buffers, Tally<PacketFate> fates, CaptureTrace? trace)
{
    public const int MaxStreams = 65_536;
    public const int MaxOctets = 64 << 20; // over all streams
    public const long IdleNanoseconds = 30L * 1_000_000_000;

    private const int MinMessage = DnsHeader.Length + 5; // with the shortest question: root, type, class

    private readonly Dictionary<TcpStreamKey, int> _index = [];
    private readonly AgeList _ages = new(MaxStreams);
    private readonly List<TcpStream> _streams = [];
    private long _octets;
    private int _current = -1;

    /// <summary>Puts a segment in its place.</summary>
    /// <returns>The packet's fate.</returns>
    public PacketFate Add(scoped in IpPacket packet, scoped in TcpSegment segment, PendingPacket arrival)
    {
        _current = -1;
        long now = arrival.UnixNanoseconds;
        while (_ages.Oldest >= 0 && now - _streams[_ages.Oldest].LastActive > IdleNanoseconds) Forget(_ages.Oldest);
        (HostAddress source, HostAddress destination) = (HostAddress.FromBytes(packet.Source), HostAddress.FromBytes(packet.Destination));
        TcpStreamKey key = new(source, destination, segment.SourcePort, segment.DestinationPort);
        if (_index.TryGetValue(key, out int slot))
        {
            if (segment.Syn && !segment.Reset && !_streams[slot].IsOwnSyn(segment.Sequence + 1))
            {
                Abandon(_streams[slot]); // the port is used again
                _streams[slot].Start(key, segment.Sequence + 1);
            }
        }
        else
        {
            if (!segment.Syn && segment.Data.IsEmpty) return PacketFate.TcpControl;
            if (!segment.Syn && !StartsMessage(segment)) return PacketFate.TcpMidstream;
            slot = Open(key, segment.Syn ? segment.Sequence + 1 : segment.Sequence);
        }

        TcpStream stream = _streams[slot];
        stream.LastActive = now;
        _ages.Touch(slot);
        int before = stream.Buffer.Length;
        PacketFate fate = stream.Add(segment);
        _octets += stream.Buffer.Length - before;
        if (trace is not null && fate == PacketFate.TcpSegment) stream.Pending.Add((segment.EndSequence, arrival));
        if (stream.IsClosed) Abandon(stream);
        else if (fate == PacketFate.TcpSegment) _current = slot;
        return fate;
    }

    /// <summary>Takes the next message that the segment completed.</summary>
    public bool TryRead(out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_current < 0) return false;
        TcpStream stream = _streams[_current];
        if (stream.TryRead(out message))
        {
            if (trace is not null) Tell(stream, stream.Unfinished, PacketFate.TcpSegment);
            return true;
        }

        if (stream.IsClosed) Abandon(stream);
        _current = -1;
        while (_octets > MaxOctets) Forget(_ages.Oldest);
        return false;
    }

    /// <summary>Gives up on all that wait: the input has ended.</summary>
    public void Complete()
    {
        while (_ages.Oldest >= 0) Forget(_ages.Oldest);
    }

    private int Open(TcpStreamKey key, uint firstSequence)
    {
        if (_ages.IsFull) Forget(_ages.Oldest);
        int slot = _ages.Take();
        while (_streams.Count <= slot) _streams.Add(new(buffers));
        _streams[slot].Start(key, firstSequence);
        _index.Add(key, slot);
        return slot;
    }

    private void Forget(int slot)
    {
        Abandon(_streams[slot]);
        _index.Remove(_streams[slot].Key);
        _ages.Release(slot);
    }

    private void Abandon(TcpStream stream)
    {
        _octets -= stream.Buffer.Length;
        int lost = stream.Close();
        fates.Count(PacketFate.TcpSegment, -lost);
        PacketFate fate = stream.IsConflicted ? PacketFate.TcpConflict : PacketFate.TcpIncomplete;
        fates.Count(fate, lost);
        if (trace is not null) Tell(stream, 0, fate);
    }

    // The segments that end first in the stream are those whose messages are complete first.
    private void Tell(TcpStream stream, int still, PacketFate fate)
    {
        int settled = stream.Pending.Count - still;
        if (settled <= 0) return;
        stream.Pending.Sort((a, b) => ((int)(a.End - b.End)).CompareTo(0)); // serial arithmetic (RFC 9293 section 3.4)
        for (int i = 0; i < settled; i++) trace!.Packet(stream.Pending[i].Packet, fate);
        stream.Pending.RemoveRange(0, settled);
    }

    // Without its SYN a stream is believed only from a segment on that begins with a length and a header and question which nobody
    // would mistake: captures of responses only, and those that begin in the middle, are full of such streams.
    private static bool StartsMessage(in TcpSegment segment)
    {
        ReadOnlySpan<byte> data = segment.Data;
        if (segment.Reset || data.Length < 2 + MinMessage) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(data);
        if (length < MinMessage) return false;
        ReadOnlySpan<byte> message = data.Slice(2, Math.Min(length, data.Length - 2));
        if (!DnsHeader.TryRead(message, out DnsHeader header) || header.QuestionCount != 1 || header.Opcode > 5) return false;
        if (header.IsResponse ? segment.SourcePort != 53 : segment.DestinationPort != 53) return false;
        int records = header.AnswerCount + header.AuthorityCount + header.AdditionalCount;
        if (records * 11 > length - MinMessage) return false;
        return WireName.Read(message, DnsHeader.Length, out _, out int next) == DnsError.None
            && message.Length >= next + 4 && (message[next + 2] is 0 && message[next + 3] is 1 or 3 or 4 or 254 or 255);
    }
}
