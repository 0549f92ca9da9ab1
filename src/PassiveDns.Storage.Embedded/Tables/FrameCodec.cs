using System.Buffers.Binary;
using System.Collections.Concurrent;
using PassiveDns.Storage.Embedded.Files;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Packs parts of a table file into frames, and checks and unpacks them.</summary>
/// <remarks><code>
/// frame = payload, codec u8 (0 as it is, 1 zstd, 2 and 3 columns, see <see cref="ColumnFormat"/>), unpacked length u32, CRC-32C u32 of all before it (little-endian)
/// </code></remarks>
internal sealed class FrameCodec
{
    public const int TailLength = 1 + 4 + Crc32C.Length;

    private const byte Plain = 0, Zstd = 1, ColumnsWithMagic = 2, Columns = 3;

    private readonly ConcurrentBag<(ZstdUnpacker Zstd, ColumnUnpacker Columns)> _unpackers = [];

    /// <summary>Makes a packer.</summary>
    /// <param name="level">The level of zstd, or 0 to leave everything as it is.</param>
    /// <param name="dictionaries">For blocks, by the number of the keyspace; empty where there is none.</param>
    public static Packer Pack(int level, IReadOnlyList<byte[]>? dictionaries = null) => new(level, dictionaries ?? []);

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
    /// <param name="frame">The frame.</param>
    /// <param name="destination">Takes what comes out, which has exactly this length.</param>
    /// <param name="dictionaries">Those of the table, if it has any.</param>
    /// <returns><c>false</c> if it is damaged.</returns>
    public bool TryUnpack(ReadOnlySpan<byte> frame, Span<byte> destination, TableDictionaries? dictionaries = null)
    {
        ReadOnlySpan<byte> payload = frame[..^TailLength];
        byte codec = frame[^TailLength];
        if (codec == Plain)
        {
            payload.CopyTo(destination);
            return true;
        }

        if (!_unpackers.TryTake(out (ZstdUnpacker Zstd, ColumnUnpacker Columns) unpacker)) unpacker = (new(), new());
        bool isSound = codec switch
        {
            Zstd => unpacker.Zstd.TryUnpack(payload, destination),
            Columns => unpacker.Columns.TryUnpack(payload, unpacker.Zstd, dictionaries, destination),
            _ => unpacker.Columns.TryUnpackWithMagic(payload, unpacker.Zstd, destination),
        };
        _unpackers.Add(unpacker);
        return isSound;
    }

    /// <summary>Packs frames for one table.</summary>
    internal sealed class Packer : IDisposable
    {
        private readonly Compressor? _zstd, _text;
        private readonly IReadOnlyList<byte[]> _dictionaries;
        private readonly ColumnPacker _columns = new();
        private byte[] _frame = new byte[64 << 10];

        public Packer(int level, IReadOnlyList<byte[]> dictionaries)
        {
            _dictionaries = dictionaries;
            if (level == 0) return;
            _zstd = new(level);
            _text = new(level);
            _text.SetParameter(ZSTD_cParameter.ZSTD_c_experimentalParam2, (int)ZSTD_format_e.ZSTD_f_zstd1_magicless);
            _text.SetParameter(ZSTD_cParameter.ZSTD_c_contentSizeFlag, 0); // the lengths of the columns say it
            _text.SetParameter(ZSTD_cParameter.ZSTD_c_dictIDFlag, 0);
        }

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
            if (_text is null) return PackPlain(block);
            int length = _columns.Pack(block, _text, _dictionaries, ref _frame, TailLength);
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

        public void Dispose()
        {
            _zstd?.Dispose();
            _text?.Dispose();
        }
    }
}
