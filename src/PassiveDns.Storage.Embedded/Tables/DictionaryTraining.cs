using ZstdSharp.Unsafe;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Makes a dictionary of what stands in blocks like those that it will pack.</summary>
internal sealed class DictionaryTraining
{
    /// <summary>The length of a dictionary: twice as much takes half a percent more off a table.</summary>
    public const int Length = 8 << 10;

    /// <summary>How many blocks are enough: all of a table take one percent more off it, in ten times the time.</summary>
    public const int Blocks = 64;

    private const uint Segment = 100, Window = 8, FrequencyBits = 16, Acceleration = 5; // of zstd's "fast cover", without its search for better ones

    private readonly ColumnPacker _packer = new();
    private readonly OctetColumn _texts = new();
    private readonly List<nuint> _lengths = [];

    /// <summary>Takes a block.</summary>
    public void Add(ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<byte> text = _packer.TakeText(block);
        _texts.Add(text);
        _lengths.Add((nuint)text.Length);
    }

    /// <summary>Makes the dictionary, and forgets the blocks.</summary>
    /// <param name="level">The level of zstd that it is for.</param>
    /// <returns>The dictionary; empty if nothing comes back often enough for one.</returns>
    public unsafe byte[] Train(int level)
    {
        byte[] dictionary = new byte[Length];
        nuint[] lengths = [.. _lengths];
        nuint length;
        fixed (byte* to = dictionary, from = _texts.Octets)
        fixed (nuint* each = lengths)
        {
            length = Methods.ZDICT_trainFromBuffer_fastCover(
                to,
                Length,
                from,
                each,
                (uint)lengths.Length,
                new ZDICT_fastCover_params_t
                {
                    k = Segment,
                    d = Window,
                    f = FrequencyBits,
                    accel = Acceleration,
                    splitPoint = 1,
                    zParams = new ZDICT_params_t { compressionLevel = level },
                });
        }

        _texts.Clear();
        _lengths.Clear();
        return Methods.ZDICT_isError(length) ? [] : dictionary[..(int)length];
    }
}
