using ZstdSharp;
using ZstdSharp.Unsafe;

namespace PassiveDns.Capture;

/// <summary>How a capture file is packed, told by its first octets.</summary>
internal static class FilePacking
{
    /// <summary>The largest window of a Zstandard frame, as a power of two: 128 MiB, what the zstd program allows unless it is told otherwise.</summary>
    private const int MaxWindowLog = 27;

    /// <summary>What the packing is called, or <c>null</c> if the file is not packed.</summary>
    /// <param name="start">The first octets of the file.</param>
    /// <param name="refusal">Why a file that is packed so is not read, or <c>null</c>.</param>
    public static string? Detect(ReadOnlySpan<byte> start, out string? refusal)
    {
        string? other = start switch
        {
            [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, ..] => "xz; decompress it first: xz -dk FILE",
            [0x04, 0x22, 0x4D, 0x18, ..] or [0x02, 0x21, 0x4C, 0x18, ..] => "lz4; decompress it first: lz4 -d FILE",
            [0x42, 0x5A, 0x68, ..] => "bzip2; decompress it first: bzip2 -dk FILE",
            _ => null,
        };
        refusal = other is null ? null : $"the file is compressed with {other}. Of the compressed files only gzip and Zstandard are read as they are";
        return start switch
        {
            [0x1F, 0x8B, ..] => "gzip",
            [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => "Zstandard", // RFC 8878 sections 3.1.1 and 3.1.2
            _ => null,
        };
    }

    /// <summary>Unpacks; several members or frames one behind the other are one file.</summary>
    /// <param name="packing">What <see cref="Detect"/> said.</param>
    /// <param name="packed">The octets of the file from its start on. Disposing of the result leaves them open.</param>
    public static Stream Unpack(string packing, Stream packed)
    {
        if (packing == "gzip") return WholeGzip.Unpack(packed);
        DecompressionStream zstandard = new(packed, checkEndOfStream: true, leaveOpen: true);
        zstandard.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        return zstandard;
    }

    /// <summary>Whether this says that packed octets are damaged or cut off, and not that the medium failed.</summary>
    public static bool IsDamage(Exception exception) => exception is InvalidDataException or ZstdException or EndOfStreamException;

    /// <summary>What is wrong with packed octets.</summary>
    /// <param name="packing">What <see cref="Detect"/> said.</param>
    /// <param name="exception">What reading threw.</param>
    public static string Problem(string packing, Exception exception) => exception switch
    {
        ZstdException { Code: ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge } =>
            "the Zstandard data wants more than 128 MiB of memory (decompress it first: zstd -d --long=31 FILE)",
        EndOfStreamException => $"the {packing} data is cut off",
        _ => $"the {packing} data is damaged",
    };
}
