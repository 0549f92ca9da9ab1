using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PassiveDns.Storage.Keys;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>
/// The first name of a key as RocksDB's prefix extractor, so that a bloom filter answers for a name that nobody saw without reading a block.
/// A <see cref="NameKey"/> ends at the first 00 that follows a 00 or stands at the start.
/// </summary>
internal static unsafe class NamePrefix
{
    private static ReadOnlySpan<byte> ExtractorName => "passivedns.name.1\0"u8;

    /// <summary>Makes an extractor; the options it is set on own it then.</summary>
    public static nint Create() => Native.Instance.rocksdb_slicetransform_create(
        0,
        (nint)(delegate* unmanaged[Cdecl]<nint, void>)&Destroy,
        (nint)(delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, byte*>)&Transform,
        (nint)(delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte>)&IsInDomain,
        (nint)(delegate* unmanaged[Cdecl]<nint, byte*>)&Name);

    /// <summary>The length of the name at the start of a key, or 0 if the key does not hold a whole name.</summary>
    public static int Measure(ReadOnlySpan<byte> key)
    {
        if (!key.IsEmpty && key[0] == 0) return 1;
        int end = key.IndexOf("\0\0"u8);
        return end < 0 ? 0 : end + 2;
    }

    /// <summary>Whether all keys of a range start with the same whole name.</summary>
    public static bool Holds(KeyRange range)
    {
        if (range.Keyspace is not (Keyspace.Rrsets or Keyspace.Dnssec or Keyspace.Targets) || range.IsOpen) return false;
        int length = Measure(range.From);
        return length > 0 && range.To.SequenceCompareTo(KeyRange.AfterPrefix(range.From[..length])) <= 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* Transform(nint state, byte* key, nuint length, nuint* prefixLength)
    {
        *prefixLength = (nuint)Measure(new(key, (int)length));
        return key;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte IsInDomain(nint state, byte* key, nuint length) => Measure(new(key, (int)length)) > 0 ? (byte)1 : (byte)0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Destroy(nint state)
    {
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* Name(nint state) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(ExtractorName)); // a literal: it never moves
}
