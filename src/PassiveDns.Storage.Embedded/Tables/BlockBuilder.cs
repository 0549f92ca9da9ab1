using System.Buffers.Binary;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Packs entries in the order of their keys, each less what its key shares with the one before.</summary>
/// <remarks>
/// <code>
/// block   = entry..., restart u32..., number of restarts u32 (little-endian)
/// entry   = shared varint, rest varint, value length varint, rest of the key, value
/// restart = where an entry starts whose key is written whole (shared = 0): every 16th, the first one always
/// </code>
/// </remarks>
internal sealed class BlockBuilder
{
    private readonly List<int> _restarts = [];
    private byte[] _octets = new byte[32 << 10];
    private int _sinceRestart;

    public int Length { get; private set; }

    public int Entries { get; private set; }

    public int Restarts => _restarts.Count;

    /// <summary>Appends an entry.</summary>
    /// <param name="key">Its key, above the last one.</param>
    /// <param name="shared">How many octets it shares with the last one.</param>
    /// <param name="value">Its value.</param>
    public void Add(ReadOnlySpan<byte> key, int shared, ReadOnlySpan<byte> value)
    {
        if (Entries == 0 || _sinceRestart == TableFormat.RestartInterval)
        {
            _restarts.Add(Length);
            _sinceRestart = 0;
            shared = 0;
        }

        int most = Length + 15 + key.Length - shared + value.Length;
        if (most > _octets.Length) Array.Resize(ref _octets, Math.Max(most, 2 * _octets.Length));
        Span<byte> room = _octets.AsSpan(Length);
        int at = TableFormat.WriteVarint(room, (uint)shared);
        at += TableFormat.WriteVarint(room[at..], (uint)(key.Length - shared));
        at += TableFormat.WriteVarint(room[at..], (uint)value.Length);
        key[shared..].CopyTo(room[at..]);
        at += key.Length - shared;
        value.CopyTo(room[at..]);
        Length += at + value.Length;
        Entries++;
        _sinceRestart++;
    }

    /// <summary>Closes the block; it is valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        int end = Length + 4 * (_restarts.Count + 1);
        if (end > _octets.Length) Array.Resize(ref _octets, end);
        Span<byte> tail = _octets.AsSpan(Length, end - Length);
        foreach (int restart in _restarts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(tail, restart);
            tail = tail[4..];
        }

        BinaryPrimitives.WriteInt32LittleEndian(tail, _restarts.Count);
        return _octets.AsSpan(0, end);
    }

    public void Clear()
    {
        Length = 0;
        Entries = 0;
        _restarts.Clear();
        if (_octets.Length > 1 << 20) _octets = new byte[32 << 10];
    }
}
