using System.Runtime.InteropServices;

namespace PassiveDns.Fuzz;

/// <summary>Puts input in front of a page that nobody may touch, so that one octet read too far ends the process. Elsewhere than on Linux: on the heap.</summary>
internal static unsafe partial class GuardedInput
{
    private const int Capacity = 2 << 20;
    private const int GuardLength = 64 << 10; // a whole number of pages, whatever their size
    private static readonly byte* s_guard = OperatingSystem.IsLinux() ? Map() : null;

    public static ReadOnlySpan<byte> Place(ReadOnlySpan<byte> input)
    {
        Span<byte> room = s_guard != null && input.Length <= Capacity ? new Span<byte>(s_guard - input.Length, input.Length) : new byte[input.Length];
        input.CopyTo(room);
        return room;
    }

    private static byte* Map()
    {
        const int ReadAndWrite = 3, PrivateAndAnonymous = 0x22;
        nint start = Map(0, Capacity + GuardLength, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        return start != -1 && Protect(start + Capacity, GuardLength, 0) == 0 ? (byte*)start + Capacity : null;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nint length, int protection);
}
