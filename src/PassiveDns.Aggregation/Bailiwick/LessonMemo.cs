using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// Remembers sets of servers and addresses from which nothing can be learnt for a while, so that all sets that a zone or a server is seen with in turn cost one look each. It
/// forgets at will and holds only what is true.
/// </summary>
/// <remarks>Buckets of a cache line. A set is known by its 64-bit keyed hash alone, as good as never that of another.</remarks>
internal sealed class LessonMemo
{
    private const int Size = 32768;
    private const int BucketLength = 4;
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15;

    private readonly Entry[] _entries = new Entry[Size];

    /// <summary>How often all was forgotten, and one.</summary>
    public ulong Clearings { get; private set; } = 1;

    /// <summary>Whether nothing can be learnt from a set.</summary>
    /// <param name="keyHash">The hash of its owner, type and data.</param>
    /// <param name="time">When it is seen, in Unix seconds.</param>
    /// <param name="times">The times for which that is known.</param>
    public bool TryFind(ulong keyHash, long time, out Validity times)
    {
        ulong key = KeyOf(keyHash);
        foreach (ref readonly Entry entry in Bucket(keyHash))
        {
            if (entry.Key != key) continue;
            times = new(entry.From, entry.To);
            return times.Contains(time);
        }

        times = default;
        return false;
    }

    /// <summary>Remembers for which times nothing can be learnt from a set.</summary>
    public void Keep(ulong keyHash, Validity times)
    {
        ulong key = KeyOf(keyHash);
        Span<Entry> bucket = Bucket(keyHash);
        int slot = 0;
        for (int i = 0; i < bucket.Length; i++)
        {
            if (bucket[i].Key == key)
            {
                slot = i;
                break;
            }

            if (bucket[i].To < bucket[slot].To) slot = i;
        }

        bucket[slot] = new() { Key = key, From = (uint)Math.Clamp(times.From, 0, uint.MaxValue), To = (uint)Math.Clamp(times.To, 0, uint.MaxValue) };
    }

    /// <summary>Sends for what is remembered of a set.</summary>
    public void Fetch(ulong keyHash) => Prefetch.Line(in Bucket(keyHash)[0]);

    /// <summary>Forgets all.</summary>
    public void Clear() => Clearings++;

    private ulong KeyOf(ulong keyHash) => keyHash ^ Clearings * Odd; // other keys after each clearing: what was kept before is as good as never found

    private Span<Entry> Bucket(ulong keyHash) => _entries.AsSpan((int)((uint)keyHash & (Size - 1)) & -BucketLength, BucketLength);

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public ulong Key;
        public uint From;
        public uint To;
    }
}
