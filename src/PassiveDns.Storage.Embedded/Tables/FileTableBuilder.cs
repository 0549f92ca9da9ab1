using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PassiveDns.Storage.Embedded.Files;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Writes a table file (see <see cref="TableFile"/>). What is not finished is deleted.</summary>
internal sealed class FileTableBuilder : TableBuilder, IDisposable
{
    public const int BufferLength = 512 << 10;

    /// <summary>The length of blocks before they are packed.</summary>
    public const int BlockLength = 4 << 10;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly FrameCodec.Packer _packer;
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _buffered;
    private long _end;
    private long _drained;
    private readonly IndexPage.Builder _root = new();
    private readonly List<int> _filters = []; // how long they are, by page of the index
    private readonly byte[] _dictionaries;
    private int _blocks;
    private bool _isFinished;

    /// <param name="path">The file.</param>
    /// <param name="level">How hard blocks are packed; 0 for not at all.</param>
    /// <param name="dictionaries">Those that blocks are packed with, by the number of the keyspace; empty where there is none.</param>
    /// <param name="maxNames">How many names are sorted at a time for their index.</param>
    /// <param name="maxChanges">How many changes are sorted at a time for their index.</param>
    public FileTableBuilder(
        string path, int level, IReadOnlyList<byte[]>? dictionaries = null, int maxNames = NameIndexBuilder.MaxNames, int maxChanges = ChangeIndexBuilder.MaxEntries)
        : base(BlockLength, keepsTimes: true)
    {
        _path = path;
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete);
        _packer = FrameCodec.Pack(level, dictionaries);
        _dictionaries = TableDictionaries.Pack(dictionaries ?? []);
        Changes = new(page => AppendPart(TableFile.PageMark, _packer.Pack(page)), maxChanges);
        Names = new(page => AppendPart(TableFile.PageMark, _packer.Pack(page)), maxNames);
        Append(TableFile.Magic);
        AppendDictionaries();
    }

    /// <summary>How long the file is so far.</summary>
    public long Length => _end;

    /// <summary>Writes the dictionaries once more, name index, change index, index, facts and footer, and returns when all of it is on the disk.</summary>
    public void Finish()
    {
        TableFacts facts = Close();
        if (Index.Count > 0) EndPage();
        Span<byte> footer = stackalloc byte[TableFile.FooterLength];
        long dictionaries = _end;
        AppendDictionaries(); // twice, since without them all blocks would be lost
        long names = _end;
        Append(_packer.Pack(Names!.Pack()));
        BinaryPrimitives.WriteInt64LittleEndian(footer[24..], _end);
        Append(_packer.Pack(Changes!.Pack()));
        BinaryPrimitives.WriteInt64LittleEndian(footer, _end);
        Append(_packer.Pack(PackIndex()));
        BinaryPrimitives.WriteInt64LittleEndian(footer[8..], _end); // where the filter was in earlier formats
        BinaryPrimitives.WriteInt64LittleEndian(footer[16..], _end);
        Append(_packer.Pack(PackFacts(facts, dictionaries, names)));
        BinaryPrimitives.WriteInt32LittleEndian(footer[32..], TableFile.Format);
        Crc32C.Seal(footer);
        Append(footer);
        Drain();
        RandomAccess.FlushToDisk(_file);
        _isFinished = true;
    }

    public void Dispose()
    {
        _packer.Dispose();
        _file.Dispose();
        if (!_isFinished) File.Delete(_path);
    }

    protected override (long Start, int Length) WriteBlock(ReadOnlySpan<byte> block)
    {
        _blocks++;
        return AppendPart(TableFile.BlockMark, _packer.PackBlock(block));
    }

    protected override void EndBlock()
    {
        if (Index.Count == TableIndex.BlocksOfPage) EndPage();
    }

    /// <summary>Writes a page of the index behind its blocks, where they can be found if it is damaged, and the filter of what is in them.</summary>
    private void EndPage()
    {
        _root.Add(Index.FirstKey, AppendPart(TableFile.IndexMark, _packer.PackPlain(Index.Pack())), Index.Hours);
        Index.Clear();
        _filters.Add(AppendPart(TableFile.FilterMark, _packer.PackPlain(TakeFilter().Lines)).Length); // random bits: nothing makes them shorter
    }

    private void AppendDictionaries()
    {
        if (_dictionaries.Length > 0) AppendPart(TableFile.DictionaryMark, _packer.Pack(_dictionaries));
    }

    /// <summary>Appends a block or a page behind its mark, by which it can be found without the index.</summary>
    private (long Start, int Length) AppendPart(ReadOnlySpan<byte> mark, ReadOnlySpan<byte> frame)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, frame.Length);
        Append(mark);
        Append(length);
        long start = _end;
        Append(frame);
        return (start, frame.Length);
    }

    private static byte[] PackFacts(TableFacts facts, long dictionaries, long names)
    {
        byte[] octets = new byte[4 + facts.FirstKey.Length + facts.LastKey.Length + 8 * facts.Entries.Length + 2 * 8];
        int at = 0;
        foreach (byte[] key in new[] { facts.FirstKey, facts.LastKey })
        {
            BinaryPrimitives.WriteUInt16LittleEndian(octets.AsSpan(at), (ushort)key.Length);
            key.CopyTo(octets, at + 2);
            at += 2 + key.Length;
        }

        foreach (long entries in facts.Entries)
        {
            BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(at), entries);
            at += 8;
        }

        BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(at), dictionaries);
        BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(at + 8), names);
        return octets;
    }

    private byte[] PackIndex()
    {
        byte[] root = _root.Pack(), octets = new byte[4 + 5 * _filters.Count + root.Length];
        BinaryPrimitives.WriteInt32LittleEndian(octets, _blocks);
        int at = 4;
        foreach (int length in _filters) at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)length);
        root.CopyTo(octets, at);
        return octets[..(at + root.Length)];
    }

    private void Append(ReadOnlySpan<byte> octets)
    {
        _end += octets.Length;
        while (!octets.IsEmpty)
        {
            if (_buffered == BufferLength) Drain();
            int part = Math.Min(octets.Length, BufferLength - _buffered);
            octets[..part].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += part;
            octets = octets[part..];
        }
    }

    private void Drain()
    {
        RandomAccess.Write(_file, _buffer.AsSpan(0, _buffered), _drained);
        _drained += _buffered;
        _buffered = 0;
    }
}
