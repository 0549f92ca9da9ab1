using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PassiveDns.Aggregation;

/// <summary>Sends for memory that will be needed in a moment. On processors without such an instruction nothing happens, and nothing depends on it.</summary>
internal static class Prefetch
{
    /// <summary>Sends for the cache line that something lies in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Line<T>(ref readonly T at)
    {
        // The address may be out of date when the collector moves the object: the instruction reads nothing and cannot fault.
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in at)));
    }
}
