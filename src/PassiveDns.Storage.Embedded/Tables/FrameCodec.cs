using System.Buffers.Binary;
using System.Collections.Concurrent;
using PassiveDns.Storage.Embedded.Files;
using ZstdSharp;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Packs parts of a table file into frames, and checks and unpacks them.</summary>
/// <remarks><code>
/// frame = payload, codec u8 (0 as it is, 1 zstd, 2 columns, see <see cref="ColumnFormat"/>), unpacked length u32, CRC-32C u32 of all before it (little-endian)
/// </code></remarks>
internal sealed class FrameCodec
{
    public const int TailLength = 1 + 4 + Crc32C.Length;

    private const byte Plain = 0, Zstd = 1, Columns = 2;

    private readonly ConcurrentBag<(Decompressor Zstd, ColumnUnpacker Columns)> _unpackers = [];

    /// <summary>Makes a packer.</summary>
    /// <param name="level">The level of zstd, or 0 to leave everything as it is.</param>
    public static Packer Pack(int level) => new(level);

    /// <summary>Checks a frame and tells how long it will be.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="most">The longest that may come out of it.</param>
    /// <returns>The length, or -1 if the frame is damaged.</returns>
    public static int Measure(ReadOnlySpan<byte> frame, long most)
    {
        if (frame.Length < TailLength || !Crc32C.IsSound(frame)) return -1;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(frame[^8..]);
        byte codec = frame[^TailLength];
        return length > most || codec > Columns || (codec == Plain && length != frame.Length - TailLength) ? -1 : (int)length;
    }

    /// <summary>Unpacks a frame that was measured.</summary>
    /// <returns><c>false</c> if it is damaged.</returns>
    public bool TryUnpack(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        ReadOnlySpan<byte> payload = frame[..^TailLength];
        if (frame[^TailLength] == Plain)
        {
            payload.CopyTo(destination);
            return true;
        }

        if (!_unpackers.TryTake(out (Decompressor Zstd, ColumnUnpacker Columns) unpacker)) unpacker = (new(), new());
        try
        {
            return frame[^TailLength] == Columns
                ? unpacker.Columns.TryUnpack(payload, unpacker.Zstd, destination)
                : unpacker.Zstd.TryUnwrap(payload, destination, out int written) && written == destination.Length;
        }
        catch (ZstdException)
        {
            return false;
        }
        finally
        {
            _unpackers.Add(unpacker);
        }
    }

    /// <summary>Packs frames for one table.</summary>
    internal sealed class Packer : IDisposable
    {
        private readonly Compressor? _zstd;
        private readonly ColumnPacker _columns = new();
        private byte[] _frame = new byte[64 << 10];

        public Packer(int level) => _zstd = level == 0 ? null : new(level);

        /// <summary>Packs octets; the frame is valid until the next call.</summary>
        public ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> octets)
        {
            if (_zstd is null) return PackPlain(octets);
            Reserve(Compressor.GetCompressBound(octets.Length));
            int length = _zstd.Wrap(octets, _frame);
            return IsWorthIt(length, octets.Length) ? Close(Zstd, length, octets.Length) : PackPlain(octets);
        }

        /// <summary>Packs a block column by column; the frame is valid until the next call.</summary>
        public ReadOnlySpan<byte> PackBlock(ReadOnlySpan<byte> block)
        {
            if (_zstd is null) return PackPlain(block);
            int length = _columns.Pack(block, _zstd, ref _frame, TailLength);
            return IsWorthIt(length, block.Length) ? Close(Columns, length, block.Length) : PackPlain(block);
        }

        /// <summary>Puts octets into a frame as they are; it is valid until the next call.</summary>
        public ReadOnlySpan<byte> PackPlain(ReadOnlySpan<byte> octets)
        {
            Reserve(octets.Length);
            octets.CopyTo(_frame);
            return Close(Plain, octets.Length, octets.Length);
        }

        /// <summary>What gets hardly shorter is not worth the unpacking.</summary>
        private static bool IsWorthIt(int packed, int length) => packed < length - length / 16;

        private void Reserve(int length)
        {
            if (_frame.Length < length + TailLength) _frame = new byte[length + TailLength];
        }

        private ReadOnlySpan<byte> Close(byte codec, int length, int unpacked)
        {
            _frame[length] = codec;
            BinaryPrimitives.WriteUInt32LittleEndian(_frame.AsSpan(length + 1), (uint)unpacked);
            length += TailLength;
            Crc32C.Seal(_frame.AsSpan(0, length));
            return _frame.AsSpan(0, length);
        }

        public void Dispose() => _zstd?.Dispose();
    }
}
