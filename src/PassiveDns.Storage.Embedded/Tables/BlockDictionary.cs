using Microsoft.Win32.SafeHandles;
using ZstdSharp.Unsafe;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>A dictionary made ready for unpacking, which any number of threads share.</summary>
internal sealed unsafe class BlockDictionary : SafeHandleZeroOrMinusOneIsInvalid
{
    private BlockDictionary(ZSTD_DDict_s* dictionary)
        : base(ownsHandle: true)
    {
        SetHandle((nint)dictionary);
        Octets = (long)Methods.ZSTD_sizeof_DDict(dictionary);
    }

    /// <summary>What it takes in memory.</summary>
    public long Octets { get; }

    /// <summary>Makes a dictionary ready.</summary>
    /// <returns><c>null</c> if the octets are no dictionary.</returns>
    public static BlockDictionary? Open(ReadOnlySpan<byte> octets)
    {
        fixed (byte* from = octets)
        {
            ZSTD_DDict_s* dictionary = Methods.ZSTD_createDDict(from, (nuint)octets.Length);
            return dictionary is null ? null : new(dictionary);
        }
    }

    protected override bool ReleaseHandle()
    {
        Methods.ZSTD_freeDDict((ZSTD_DDict_s*)handle);
        return true;
    }
}
