using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>
/// The merge law as RocksDB's merge operator. Plain function pointers: the binding's delegate wrapper can be collected while RocksDB still
/// calls it, and costs more on each of the millions of calls. The state pointer is no pointer but the interval gap in seconds.
/// </summary>
internal static unsafe class MergeOperator
{
    private static ReadOnlySpan<byte> OperatorName => "passivedns.sightings.1\0"u8;

    /// <summary>Makes an operator; the options it is set on own it then.</summary>
    public static nint Create(TimeSpan intervalGap) => Native.Instance.rocksdb_mergeoperator_create(
        checked((nint)(intervalGap.Ticks / TimeSpan.TicksPerSecond)),
        (nint)(delegate* unmanaged[Cdecl]<nint, void>)&Destroy,
        (nint)(delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, byte**, nuint*, int, byte*, nuint*, byte*>)&MergeFull,
        (nint)(delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte**, nuint*, int, byte*, nuint*, byte*>)&MergePartially,
        (nint)(delegate* unmanaged[Cdecl]<nint, byte*, nuint, void>)&Free,
        (nint)(delegate* unmanaged[Cdecl]<nint, byte*>)&Name);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* MergeFull(
        nint gap, byte* key, nuint keyLength, byte* existing, nuint existingLength, byte** operands, nuint* lengths, int count, byte* success, nuint* length) =>
        Merge(gap, existing, existingLength, operands, lengths, count, success, length);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* MergePartially(nint gap, byte* key, nuint keyLength, byte** operands, nuint* lengths, int count, byte* success, nuint* length) =>
        Merge(gap, null, 0, operands, lengths, count, success, length);

    /// <summary>Nothing may be thrown across the native border: damage is reported, and RocksDB then fails the read or the compaction.</summary>
    private static byte* Merge(nint gap, byte* existing, nuint existingLength, byte** operands, nuint* lengths, int count, byte* success, nuint* length)
    {
        *success = 0;
        *length = 0;
        try
        {
            ReadOnlySpan<byte> merged = Fold(TimeSpan.FromSeconds(gap), existing, existingLength, operands, lengths, count);
            byte* result = (byte*)NativeMemory.Alloc((nuint)merged.Length);
            merged.CopyTo(new(result, merged.Length));
            *length = (nuint)merged.Length;
            *success = 1;
            return result;
        }
#pragma warning disable CA1031 // an exception here would end the process
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> Fold(TimeSpan gap, byte* existing, nuint existingLength, byte** operands, nuint* lengths, int count)
    {
        int next = 0;
        ReadOnlySpan<byte> merged = existing is not null ? new(existing, (int)existingLength) : new(operands[0], (int)lengths[next++]);
        if (next == count && !SightingCursor.TryOpen(merged, out _)) throw new FormatException();
        Scratch scratch = s_scratch ??= new();
        for (; next < count; next++)
        {
            ReadOnlySpan<byte> operand = new(operands[next], (int)lengths[next]);
            byte[] room = scratch.Other(SightingMerge.MaxMergedLength(merged.Length, operand.Length));
            merged = room.AsSpan(0, SightingMerge.Merge(merged, operand, gap, room));
        }

        return merged;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint gap, byte* value, nuint length) => NativeMemory.Free(value);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Destroy(nint gap)
    {
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* Name(nint gap) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(OperatorName)); // a literal: it never moves

    [ThreadStatic]
    private static Scratch? s_scratch;

    /// <summary>Two buffers of a thread in turn: the result so far is in one while the next is written into the other.</summary>
    private sealed class Scratch
    {
        private byte[] _one = new byte[1024];
        private byte[] _two = new byte[1024];

        public byte[] Other(int length)
        {
            (_one, _two) = (_two, _one);
            if (_one.Length < length) _one = new byte[2 * length];
            return _one;
        }
    }
}
