using System.Buffers;

namespace PassiveDns.Capture;

/// <summary>
/// Puts fragmented datagrams together, bounded in datagrams, octets and time. Any overlap makes the whole datagram invalid: this is what
/// stops an attacker from replacing the second fragment of a response (RFC 5722; RFC 8200 section 4.5 asks the same of IPv6 hosts).
/// </summary>
internal sealed class FragmentTable(ArrayPool<byte> buffers, Tally<PacketFate> fates, CaptureTrace? trace)
{
    public const int MaxDatagrams = 4096;
    public const int MaxOctets = 16 << 20;
    public const long TimeoutNanoseconds = 60L * 1_000_000_000;

    private const int MaxLength = 65_535;

    private readonly Dictionary<FragmentKey, int> _index = [];
    private readonly AgeList _ages = new(MaxDatagrams);
    private readonly List<FragmentedDatagram> _datagrams = [];
    private int _octets;
    private byte[]? _delivered;

    /// <summary>Takes a fragment in.</summary>
    /// <param name="packet">A fragment that is whole in the capture.</param>
    /// <param name="arrival">Its number and time.</param>
    /// <param name="payload">The payload of the datagram if this fragment completed it; it is valid until the next call.</param>
    /// <param name="protocol">What the payload starts with.</param>
    /// <returns><see cref="PacketFate.UdpMessage"/> if the datagram is complete; else this fragment's fate.</returns>
    public PacketFate Add(scoped in IpPacket packet, PendingPacket arrival, out ReadOnlySpan<byte> payload, out byte protocol)
    {
        payload = default;
        protocol = packet.Protocol;
        if (_delivered is not null) buffers.Return(_delivered);
        _delivered = null;
        Expire(arrival.UnixNanoseconds);

        // RFC 791: an IPv4 datagram is known by its protocol too; RFC 8200 section 4.5 leaves it out, for only the first fragment's counts
        FragmentKey key = new(HostAddress.FromBytes(packet.Source), HostAddress.FromBytes(packet.Destination), packet.FragmentId,
            packet.Source.Length == 4 ? packet.Protocol : (byte)0);
        if (!_index.TryGetValue(key, out int slot)) slot = Open(key, arrival.UnixNanoseconds);
        FragmentedDatagram datagram = _datagrams[slot];
        int before = datagram.Buffer.Length;
        PacketFate fate = datagram.Add(packet);
        _octets += datagram.Buffer.Length - before;
        switch (fate)
        {
            case PacketFate.FragmentDuplicate:
                return fate;
            case PacketFate.FragmentInvalid or PacketFate.OtherPort:
                // Those that waited share its fate. The entry stays until it times out, to catch the rest.
                Settle(datagram, fate);
                _octets -= datagram.ReleaseBuffer();
                return fate;
            case PacketFate.UdpMessage:
                payload = datagram.Buffer.AsSpan(0, datagram.Length);
                protocol = datagram.Protocol;
                Settle(datagram, PacketFate.FragmentJoined);
                _octets -= datagram.Buffer.Length;
                _delivered = datagram.TakeBuffer();
                Close(slot);
                return fate;
            default:
                datagram.Packets++;
                if (trace is not null) datagram.Pending.Add(arrival);
                while (_octets > MaxOctets) Evict();
                return fate;
        }
    }

    /// <summary>Gives up on all that wait: the input has ended.</summary>
    public void Complete()
    {
        while (_ages.Oldest >= 0) GiveUp(_ages.Oldest, PacketFate.FragmentIncomplete);
    }

    private int Open(FragmentKey key, long now)
    {
        if (_ages.IsFull) Evict();
        int slot = _ages.Take();
        while (_datagrams.Count <= slot) _datagrams.Add(new(buffers));
        _datagrams[slot].Start(key, now, MaxLength);
        _index.Add(key, slot);
        return slot;
    }

    private void Expire(long now)
    {
        while (_ages.Oldest >= 0 && now - _datagrams[_ages.Oldest].Started > TimeoutNanoseconds) GiveUp(_ages.Oldest, PacketFate.FragmentIncomplete);
    }

    private void Evict() => GiveUp(_ages.Oldest, PacketFate.FragmentEvicted);

    private void GiveUp(int slot, PacketFate fate)
    {
        FragmentedDatagram datagram = _datagrams[slot];
        Settle(datagram, fate);
        _octets -= datagram.ReleaseBuffer();
        Close(slot);
    }

    private void Close(int slot)
    {
        _index.Remove(_datagrams[slot].Key);
        _ages.Release(slot);
    }

    private void Settle(FragmentedDatagram datagram, PacketFate fate)
    {
        fates.Count(PacketFate.FragmentWaiting, -datagram.Packets);
        fates.Count(fate, datagram.Packets);
        foreach (PendingPacket packet in datagram.Pending) trace?.Packet(packet, fate);
        datagram.Pending.Clear();
        datagram.Packets = 0;
    }
}
