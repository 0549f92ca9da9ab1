using System.Numerics;
using System.Runtime.InteropServices;

namespace PassiveDns.Capture;

/// <summary>
/// Accepted responses in the order in which they came, held back until their contest window is over: a bounded ring of octets and a ring
/// of entries. An entry is known by its ticket, a number that only grows.
/// </summary>
internal sealed class HeldResponses
{
    /// <summary>What one packet can add at most: a full TCP buffer and the segment that completes it, each message with its rounding.</summary>
    private const int Reserve = 200_000;

    private const int FirstOctets = 1 << 18;
    private const int FirstEntries = 1 << 15;
    private const int MostMessagesPerPacket = 1 << 14; // a TCP buffer full of bare headers
    private const int OctetsPerEntry = 128;

    private readonly int _maxOctets;
    private byte[] _octets;
    private Entry[] _entries = new Entry[FirstEntries];
    private long _head; // the ticket of the oldest
    private long _tail; // the ticket of the next
    private int _start; // where the oldest begins
    private int _end; // where the next begins

    public HeldResponses(int maxOctets)
    {
        _maxOctets = maxOctets;
        _octets = new byte[Math.Min(maxOctets, FirstOctets)];
    }

    /// <summary>The ticket of the oldest.</summary>
    public long OldestTicket => _head;

    /// <summary>The ticket that the next response will have.</summary>
    public long NextTicket => _tail;

    public bool IsEmpty => _head == _tail;

    /// <summary>When the oldest came.</summary>
    public long OldestTime => _entries[Index(_head)].Time;

    /// <summary>Whether the oldest must leave before another packet is taken in.</summary>
    public bool IsTight => !HasRoom() && !CanGrow();

    /// <summary>Makes room for what one packet can add, or fails.</summary>
    public bool TryReserve()
    {
        while (!HasRoom())
        {
            if (!CanGrow()) return false;
            Grow();
        }

        return true;
    }

    public long Add(ReadOnlySpan<byte> message, HostAddress server, PendingPacket packet, long now)
    {
        if (_octets.Length - _end < message.Length) _end = 0; // a message is never split: what is left at the end stays unused
        message.CopyTo(_octets.AsSpan(_end));
        _entries[Index(_tail)] = new(_end, message.Length, true, packet, now, server);
        _end += message.Length;
        return _tail++;
    }

    /// <summary>Whether a response has not left yet and is not dropped.</summary>
    public bool IsHeld(long ticket) => ticket >= _head && _entries[Index(ticket)].IsAlive;

    /// <summary>The octets of a response that has not left yet.</summary>
    public ReadOnlySpan<byte> Message(long ticket)
    {
        ref readonly Entry entry = ref _entries[Index(ticket)];
        return _octets.AsSpan(entry.Offset, entry.Length);
    }

    /// <summary>The packet that completed a response which has not left yet.</summary>
    public PendingPacket Packet(long ticket) => _entries[Index(ticket)].Packet;

    /// <summary>The server that gave a response which has not left yet.</summary>
    public HostAddress Server(long ticket) => _entries[Index(ticket)].Server;

    /// <summary>Drops a response; it leaves without being handed on.</summary>
    public void Drop(long ticket) => _entries[Index(ticket)].IsAlive = false;

    /// <summary>The oldest.</summary>
    public CapturedResponse Oldest(out bool isAlive)
    {
        ref readonly Entry entry = ref _entries[Index(_head)];
        isAlive = entry.IsAlive;
        return new()
        {
            Message = _octets.AsSpan(entry.Offset, entry.Length),
            UnixNanoseconds = entry.Packet.UnixNanoseconds,
            Server = entry.Server,
        };
    }

    public void RemoveOldest()
    {
        _head++;
        if (IsEmpty) _start = _end = 0;
        else _start = _entries[Index(_head)].Offset;
    }

    private int Index(long ticket) => (int)(ticket & (_entries.Length - 1));

    private bool HasRoom()
    {
        if (_tail - _head + MostMessagesPerPacket > _entries.Length) return false;
        if (IsEmpty) return _octets.Length >= Reserve;

        // Contiguous pieces count apart, for a message is not split; the greatest is lost twice at worst.
        return _end > _start
            ? _octets.Length - _end >= Reserve || _start > Reserve
            : _start - _end > Reserve;
    }

    private bool CanGrow() => _octets.Length < _maxOctets;

    // Doubles both rings and lays what is held out from the start.
    private void Grow()
    {
        byte[] octets = new byte[Math.Min((long)_maxOctets, _octets.Length * 2L)];
        Entry[] entries = new Entry[Math.Max(FirstEntries, (int)BitOperations.RoundUpToPowerOf2((uint)(octets.Length / OctetsPerEntry)))];
        int at = 0;
        for (long ticket = _head; ticket < _tail; ticket++)
        {
            Entry entry = _entries[Index(ticket)];
            _octets.AsSpan(entry.Offset, entry.Length).CopyTo(octets.AsSpan(at));
            entry.Offset = at;
            at += entry.Length;
            entries[(int)(ticket & (entries.Length - 1))] = entry;
        }

        (_octets, _entries, _start, _end) = (octets, entries, 0, at);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry(int offset, int length, bool isAlive, PendingPacket packet, long time, HostAddress server)
    {
        public int Offset = offset;
        public readonly int Length = length;
        public bool IsAlive = isAlive;
        public readonly PendingPacket Packet = packet;
        public readonly long Time = time;
        public readonly HostAddress Server = server;
    }
}
