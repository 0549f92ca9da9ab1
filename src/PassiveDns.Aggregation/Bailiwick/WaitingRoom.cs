using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// RRsets that wait for the delegation that would verify them, in the order in which they came, bounded in number and octets. All that wait for
/// one server can be walked when something is learnt about it.
/// </summary>
internal sealed class WaitingRoom
{
    /// <summary>
    /// When something is learnt about a server, up to so many that wait for it are looked through at once; a larger crowd only when the data's clock
    /// has moved to another second, so that much news about a busy server stays cheap.
    /// </summary>
    private const int Crowd = 64;

    private const int ChunkLength = 1 << 20;
    private const long None = -1;

    private readonly Dictionary<HostAddress, Queue> _queues;
    private readonly Queue<HostAddress> _stirred = new();
    private readonly Queue<HostAddress> _stirredCrowds = new();
    private readonly byte[]?[] _chunks; // a ring; chunks count up for ever
    private readonly int _capacity;
    private byte[]? _spare;
    private WaitingRrset[] _ring = new WaitingRrset[256];
    private int _tailUsed;
    private long _firstChunk;
    private long _nextChunk;
    private long _head;
    private long _next;

    public WaitingRoom(int capacity, long maxBytes)
    {
        _queues = [];
        _capacity = capacity;
        _chunks = new byte[]?[(int)Math.Clamp(maxBytes / ChunkLength, 1, 1 << 20)];
    }

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>How many were decided early because the room was full.</summary>
    public long Overflowed { get; set; }

    /// <summary>Whether the oldest has to be decided before another of so many octets can come in.</summary>
    public bool IsFull(int octets) =>
        _next - _head >= _capacity || (_nextChunk - _firstChunk == _chunks.Length && _head < _next && ChunkLength - _tailUsed < octets);

    public ref WaitingRrset this[long number] => ref _ring[number & (_ring.Length - 1)];

    public ReadOnlySpan<byte> Name(in WaitingRrset rrset) => Chunk(rrset.Chunk).AsSpan(rrset.Offset, rrset.NameLength);

    public ReadOnlySpan<byte> Rdata(in WaitingRrset rrset) => Chunk(rrset.Chunk).AsSpan(rrset.Offset + rrset.NameLength, rrset.RdataLength);

    /// <summary>Takes an RRset in. The caller has made sure that there is room.</summary>
    public void Add(in WaitingRrset rrset, ReadOnlySpan<byte> name, ReadOnlySpan<byte> rdata)
    {
        int octets = name.Length + rdata.Length;
        if (_nextChunk == _firstChunk || ChunkLength - _tailUsed < octets)
        {
            Chunk(_nextChunk++) = _spare ?? new byte[ChunkLength];
            _spare = null;
            _tailUsed = 0;
        }

        if (_next - _head == _ring.Length) GrowRing();
        Span<byte> tail = Chunk(_nextChunk - 1).AsSpan(_tailUsed);
        name.CopyTo(tail);
        rdata.CopyTo(tail[name.Length..]);
        long number = _next++;
        this[number] = rrset with
        {
            Chunk = _nextChunk - 1,
            Offset = _tailUsed,
            NameLength = (byte)name.Length,
            RdataLength = rdata.Length,
            NextOfServer = None,
            IsGone = false,
        };
        _tailUsed += octets;
        Count++;
        ref Queue queue = ref CollectionsMarshal.GetValueRefOrAddDefault(_queues, rrset.Server, out bool exists)!;
        if (exists) this[queue.Last].NextOfServer = number;
        else queue.First = number;
        queue.Last = number;
        queue.Count++;
    }

    /// <summary>The oldest that still waits.</summary>
    public bool TryPeek(out long number)
    {
        DropGone();
        number = _head;
        return _head < _next;
    }

    /// <summary>Lets the oldest go.</summary>
    public void RemoveOldest()
    {
        ref WaitingRrset oldest = ref this[_head];
        ref Queue queue = ref CollectionsMarshal.GetValueRefOrNullRef(_queues, oldest.Server);
        Unlink(ref queue, None, _head);
        DropGone();
    }

    /// <summary>Notes that something was learnt about a server.</summary>
    public void Stir(HostAddress server)
    {
        ref Queue queue = ref CollectionsMarshal.GetValueRefOrNullRef(_queues, server);
        if (Unsafe.IsNullRef(ref queue) || queue.IsStirred) return;
        queue.IsStirred = true;
        (queue.Count <= Crowd ? _stirred : _stirredCrowds).Enqueue(server);
    }

    /// <summary>The next server about which something was learnt.</summary>
    /// <param name="withCrowds">Whether a server for which more than <see cref="Crowd"/> wait is wanted too.</param>
    /// <param name="server">The server.</param>
    public bool TryTakeStirred(bool withCrowds, out HostAddress server)
    {
        while (_stirred.TryDequeue(out server) || (withCrowds && _stirredCrowds.TryDequeue(out server)))
        {
            ref Queue queue = ref CollectionsMarshal.GetValueRefOrNullRef(_queues, server);
            if (Unsafe.IsNullRef(ref queue)) continue; // all that waited for it are gone
            queue.IsStirred = false;
            return true;
        }

        return false;
    }

    /// <summary>The first that waits for a server, or -1.</summary>
    public long First(HostAddress server) => _queues.TryGetValue(server, out Queue queue) ? queue.First : None;

    /// <summary>Lets one go that was met on the walk over its server's queue.</summary>
    public void Remove(long before, long number)
    {
        ref Queue queue = ref CollectionsMarshal.GetValueRefOrNullRef(_queues, this[number].Server);
        Unlink(ref queue, before, number);
        if (number == _head) DropGone();
    }

    private void Unlink(ref Queue queue, long before, long number)
    {
        ref WaitingRrset gone = ref this[number];
        if (before == None) queue.First = gone.NextOfServer;
        else this[before].NextOfServer = gone.NextOfServer;
        if (queue.Last == number) queue.Last = before;
        gone.IsGone = true;
        Count--;
        if (--queue.Count == 0) _queues.Remove(gone.Server);
    }

    private void DropGone()
    {
        while (_head < _next && this[_head].IsGone) _head++;
        long keep = _head < _next ? this[_head].Chunk : _nextChunk;
        for (; _firstChunk < keep; _firstChunk++)
        {
            _spare = Chunk(_firstChunk);
            Chunk(_firstChunk) = null;
        }
    }

    private ref byte[]? Chunk(long number) => ref _chunks[number % _chunks.Length];

    private void GrowRing()
    {
        WaitingRrset[] ring = new WaitingRrset[2 * _ring.Length];
        for (long i = _head; i < _next; i++) ring[i & (ring.Length - 1)] = this[i];
        _ring = ring;
    }

    private struct Queue
    {
        public long First;
        public long Last;
        public int Count;
        public bool IsStirred;
    }
}
