using Microsoft.Win32.SafeHandles;
using ZstdSharp.Unsafe;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Unpacks zstd frames. For one thread at a time.</summary>
internal sealed unsafe class ZstdUnpacker : SafeHandleZeroOrMinusOneIsInvalid
{
    private bool _withoutMagic;

    public ZstdUnpacker()
        : base(ownsHandle: true) => SetHandle((nint)Methods.ZSTD_createDCtx());

    /// <summary>Unpacks a frame.</summary>
    /// <param name="packed">The frame.</param>
    /// <param name="destination">Takes what comes out, which has exactly this length.</param>
    /// <returns><c>false</c> if it is damaged.</returns>
    public bool TryUnpack(ReadOnlySpan<byte> packed, Span<byte> destination) => TryUnpack(packed, destination, null, withoutMagic: false);

    /// <summary>Unpacks a frame that does not begin with the four octets by which zstd frames are known.</summary>
    /// <param name="packed">The frame.</param>
    /// <param name="destination">Takes what comes out, which has exactly this length.</param>
    /// <param name="dictionary">The dictionary it was packed with, if it was with one.</param>
    /// <returns><c>false</c> if it is damaged.</returns>
    public bool TryUnpackWithoutMagic(ReadOnlySpan<byte> packed, Span<byte> destination, BlockDictionary? dictionary) => TryUnpack(packed, destination, dictionary, withoutMagic: true);

    protected override bool ReleaseHandle()
    {
        Methods.ZSTD_freeDCtx((ZSTD_DCtx_s*)handle);
        return true;
    }

    private bool TryUnpack(ReadOnlySpan<byte> packed, Span<byte> destination, BlockDictionary? dictionary, bool withoutMagic)
    {
        ZSTD_DCtx_s* context = (ZSTD_DCtx_s*)handle;
        if (withoutMagic != _withoutMagic)
        {
            Methods.ZSTD_DCtx_setParameter(context, ZSTD_dParameter.ZSTD_d_experimentalParam1, (int)(withoutMagic ? ZSTD_format_e.ZSTD_f_zstd1_magicless : ZSTD_format_e.ZSTD_f_zstd1));
            _withoutMagic = withoutMagic;
        }

        nuint written;
        fixed (byte* from = packed, to = destination)
        {
            written = Methods.ZSTD_decompress_usingDDict(
                context, to, (nuint)destination.Length, from, (nuint)packed.Length, dictionary is null ? null : (ZSTD_DDict_s*)dictionary.DangerousGetHandle());
        }

        GC.KeepAlive(dictionary);
        GC.KeepAlive(this);
        return written == (nuint)destination.Length; // an error is a number above any length
    }
}
