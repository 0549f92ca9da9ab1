using System.Buffers;
using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>One datagram of which fragments have come in.</summary>
internal sealed class FragmentedDatagram(ArrayPool<byte> buffers)
{
    private const int MaxRanges = 128;

    private readonly List<(int Start, int End)> _ranges = [];
    private int _maxLength;
    private PacketFate _verdict; // FragmentWaiting, or the fate of every further fragment

    public FragmentKey Key { get; private set; }

    public long Started { get; private set; }

    /// <summary>The fragments that wait here.</summary>
    public int Packets { get; set; }

    /// <summary>The same, one by one, if somebody traces.</summary>
    public List<PendingPacket> Pending { get; } = [];

    public byte[] Buffer { get; private set; } = [];

    /// <summary>The length of the whole, once its last fragment was seen; else 0.</summary>
    public int Length { get; private set; }

    public byte Protocol { get; private set; }

    public void Start(FragmentKey key, long now, int maxLength)
    {
        Key = key;
        Started = now;
        Packets = 0;
        Length = 0;
        Protocol = key.Protocol;
        _maxLength = maxLength;
        _ranges.Clear();
        _verdict = PacketFate.FragmentWaiting;
    }

    public PacketFate Add(scoped in IpPacket packet)
    {
        if (_verdict != PacketFate.FragmentWaiting) return _verdict;
        ReadOnlySpan<byte> payload = packet.Payload;
        int start = packet.FragmentOffset;
        int end = start + payload.Length;

        // RFC 791, RFC 8200 section 4.5: every fragment but the last carries a multiple of 8 octets, and none reaches past the end
        if (payload.IsEmpty || end > _maxLength || (packet.MoreFragments && (payload.Length & 7) != 0)) return Condemn();
        foreach ((int from, int to) in _ranges)
        {
            if (start >= to || end <= from) continue;
            bool same = start == from && end == to && payload.SequenceEqual(Buffer.AsSpan(start, payload.Length));
            return same ? PacketFate.FragmentDuplicate : Condemn(); // RFC 8200 lets exact duplicates pass
        }

        if (packet.MoreFragments ? Length != 0 && end > Length : Length != 0 || (_ranges.Count > 0 && Highest() > end)) return Condemn();
        if (_ranges.Count == MaxRanges) return Condemn();
        if (start == 0)
        {
            Protocol = packet.Protocol;
            if (IsForeign(packet.Protocol, payload))
            {
                _verdict = PacketFate.OtherPort;
                return _verdict;
            }
        }

        if (!packet.MoreFragments) Length = end;
        Reserve(end);
        payload.CopyTo(Buffer.AsSpan(start));
        _ranges.Add((start, end));
        return Length != 0 && Sum() == Length ? PacketFate.UdpMessage : PacketFate.FragmentWaiting;
    }

    /// <summary>Gives the buffer back to the pool.</summary>
    /// <returns>Its length.</returns>
    public int ReleaseBuffer()
    {
        byte[] buffer = TakeBuffer();
        if (buffer.Length > 0) buffers.Return(buffer);
        return buffer.Length;
    }

    public byte[] TakeBuffer()
    {
        byte[] buffer = Buffer;
        Buffer = [];
        return buffer;
    }

    private PacketFate Condemn()
    {
        _verdict = PacketFate.FragmentInvalid;
        return _verdict;
    }

    // A first fragment that shows other ports spares the memory for the rest.
    private static bool IsForeign(byte protocol, ReadOnlySpan<byte> payload) =>
        protocol is IpPacket.Udp or IpPacket.Tcp && payload.Length >= 4
        && BinaryPrimitives.ReadUInt16BigEndian(payload) != 53 && BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) != 53;

    private int Highest()
    {
        int highest = 0;
        foreach ((_, int end) in _ranges) highest = Math.Max(highest, end);
        return highest;
    }

    private int Sum()
    {
        int sum = 0;
        foreach ((int start, int end) in _ranges) sum += end - start;
        return sum;
    }

    private void Reserve(int length)
    {
        if (length <= Buffer.Length) return;
        byte[] larger = buffers.Rent(Math.Max(length, 2048));
        Buffer.CopyTo(larger, 0);
        if (Buffer.Length > 0) buffers.Return(Buffer);
        Buffer = larger;
    }
}
