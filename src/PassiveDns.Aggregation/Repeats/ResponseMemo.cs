using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// Remembers whole responses and what became of their RRsets. Resolvers ask the same again and again, and half of what servers answer within an hour
/// is, but for the id, an octet for octet repeat: such a response need not be taken apart and looked up again.
/// </summary>
/// <remarks>
/// A ring of octets in which the youngest overwrites the oldest, and a table of buckets over it: one cache line each, whose slots hold the upper half of a
/// response's hash and the place in the ring where it began. A slot is stale when the ring has come round to its place, so nothing is ever taken out.
/// Whether something is found depends on chance (the hash has a random key), so nothing that is found may do other than the long way would.
/// </remarks>
internal sealed class ResponseMemo
{
    /// <summary>Longer responses are rare, and rarely repeated.</summary>
    public const int MaxMessageLength = 4096;

    /// <summary>The most RRsets of a response that is remembered.</summary>
    public const int MaxRrsets = 64;

    private const int Unit = 16;
    private const int BucketLength = 8;
    private const int OctetsPerSlot = 128;
    private const int Line = 64;
    private const int Usual = 5 * Line; // of a response of common length
    private const ulong TagMask = 0xFFFF_FFFF_0000_0000;

    private readonly byte[] _ring;
    private readonly ulong[] _table;
    private readonly uint _units;
    private uint _end; // of the youngest, counted on and on; places below _units are of no time

    /// <param name="octets">Its size.</param>
    public ResponseMemo(int octets)
    {
        _units = (uint)octets / Unit;
        _ring = GC.AllocateUninitializedArray<byte>((int)_units * Unit); // pages that are not used yet cost nothing
        _table = new ulong[Math.Max(BucketLength, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)octets / OctetsPerSlot / 2))];
        _end = 2 * _units;
    }

    /// <summary>How often all was forgotten.</summary>
    public int Clearings { get; private set; }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Clearings++;
        Array.Clear(_table);
        _end = 2 * _units;
    }

    /// <summary>By what a response is found.</summary>
    public static MemoKey KeyOf(scoped in CapturedResponse response)
    {
        if (response.IsProbe || response.Message.Length is < DnsHeader.Length or > MaxMessageLength) return default;
        int serverHash = response.Server.GetHashCode();
        ulong hash = OctetHash.Combine((uint)serverHash, RecordType.None, OctetHash.Compute(response.Message[2..]));
        if (!response.QueryZone.IsEmpty) hash = OctetHash.Combine(hash, RecordType.None, OctetHash.Compute(response.QueryZone));
        return new() { IsMemorable = true, ServerHash = serverHash, Hash = hash };
    }

    /// <summary>
    /// Whether a response is likely to be found. Other threads may ask at any time: they see slots of some moment, so the answer may be wrong, and nothing but the
    /// way on which the same is reached may depend on it.
    /// </summary>
    public bool MayHold(ulong hash)
    {
        foreach (ref ulong slot in Bucket(hash))
        {
            if (((Volatile.Read(ref slot) ^ hash) & TagMask) == 0) return true;
        }

        return false;
    }

    /// <summary>Whether what was found a few responses ago is still there.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="clearings"><see cref="Clearings"/> when it was found.</param>
    public bool Holds(uint place, int clearings) => clearings == Clearings && IsThere(place);

    /// <summary>Looks for a response.</summary>
    /// <returns>Its place, or 0.</returns>
    public uint Find(scoped in CapturedResponse response, ulong hash)
    {
        foreach (ulong slot in Bucket(hash))
        {
            if (((slot ^ hash) & TagMask) != 0 || !IsThere((uint)slot)) continue;
            ref readonly RememberedResponse found = ref At((uint)slot);
            if (found.Hash == hash && found.Server == response.Server && found.MessageLength == response.Message.Length && found.ZoneLength == response.QueryZone.Length
                && OctetsOf((uint)slot).StartsWith(response.Message[2..])
                && OctetsOf((uint)slot)[(found.MessageLength - 2)..].SequenceEqual(response.QueryZone))
            {
                return (uint)slot;
            }
        }

        return 0;
    }

    /// <summary>Sends for what <see cref="Find"/> will read first.</summary>
    public void FetchBucket(ulong hash) => Prefetch.Line(in Bucket(hash)[0]);

    /// <summary>Sends for what it will read then.</summary>
    public void FetchFound(ulong hash)
    {
        foreach (ulong slot in Bucket(hash))
        {
            if (((slot ^ hash) & TagMask) != 0 || !IsThere((uint)slot)) continue;
            ReadOnlySpan<byte> found = _ring.AsSpan((int)((uint)slot % _units) * Unit);
            for (int at = 0; at < Usual && at < found.Length; at += Line) Prefetch.Line(in found[at]);
        }
    }

    /// <summary>A response that was found.</summary>
    public ref RememberedResponse At(uint place) => ref MemoryMarshal.AsRef<RememberedResponse>(_ring.AsSpan((int)(place % _units) * Unit));

    /// <summary>Its RRsets.</summary>
    public Span<RememberedRrset> RrsetsOf(uint place) => MemoryMarshal.Cast<byte, RememberedRrset>(
        _ring.AsSpan((int)(place % _units) * Unit + Unsafe.SizeOf<RememberedResponse>(), At(place).Rrsets * Unsafe.SizeOf<RememberedRrset>()));

    /// <summary>Remembers a response, in place of a former state of the same.</summary>
    /// <param name="remembered">The fixed part, but for the lengths.</param>
    /// <param name="response">The response.</param>
    /// <param name="rrsets">What became of its RRsets.</param>
    public void Keep(in RememberedResponse remembered, scoped in CapturedResponse response, ReadOnlySpan<RememberedRrset> rrsets)
    {
        int head = Unsafe.SizeOf<RememberedResponse>() + rrsets.Length * Unsafe.SizeOf<RememberedRrset>();
        uint place = Reserve(head + response.Message.Length - 2 + response.QueryZone.Length);
        At(place) = remembered with
        {
            Server = response.Server,
            MessageLength = (ushort)response.Message.Length,
            ZoneLength = (byte)response.QueryZone.Length,
            Rrsets = (byte)rrsets.Length,
        };
        rrsets.CopyTo(RrsetsOf(place));
        Span<byte> octets = OctetsOf(place);
        response.Message[2..].CopyTo(octets);
        response.QueryZone.CopyTo(octets[(response.Message.Length - 2)..]);
        Span<ulong> bucket = Bucket(remembered.Hash);
        int slot = 0;
        for (int i = 0; i < bucket.Length; i++)
        {
            // its former state, else the oldest: stale ones are older than all
            bool isSame = ((bucket[i] ^ remembered.Hash) & TagMask) == 0 && IsThere((uint)bucket[i]) && At((uint)bucket[i]).Hash == remembered.Hash;
            if (isSame || (uint)bucket[i] < (uint)bucket[slot]) slot = i;
            if (isSame) break;
        }

        bucket[slot] = (remembered.Hash & TagMask) | place;
    }

    private Span<ulong> Bucket(ulong hash) => _table.AsSpan((int)((uint)hash & (uint)(_table.Length - 1)) & -BucketLength, BucketLength);

    private Span<byte> OctetsOf(uint place)
    {
        ref RememberedResponse at = ref At(place);
        int start = Unsafe.SizeOf<RememberedResponse>() + at.Rrsets * Unsafe.SizeOf<RememberedRrset>();
        return _ring.AsSpan((int)(place % _units) * Unit + start, at.MessageLength - 2 + at.ZoneLength);
    }

    private bool IsThere(uint place) => place + _units >= _end;

    private uint Reserve(int length)
    {
        uint units = (uint)(length + Unit - 1) / Unit;
        if (_end > uint.MaxValue - 4 * _units) Clear(); // places count on, so that a stale one never looks young
        uint rest = _units - _end % _units;
        uint place = units <= rest ? _end : _end + rest; // none lies over the edge
        _end = place + units;
        return place;
    }
}
