using System.Buffers.Binary;
using System.IO.Compression;

namespace PassiveDns.Benchmarks;

/// <summary>Many messages, packed one after the other in memory that the collector does not move, so that native peers can be called on it.</summary>
internal sealed class MessageCorpus
{
    private readonly byte[][] _messages;
    private readonly byte[] _octets;
    private readonly int[] _starts; // one more than there are messages

    public MessageCorpus(string name, IReadOnlyList<byte[]> messages)
    {
        Name = name;
        _messages = [.. messages];
        _starts = new int[messages.Count + 1];
        for (int i = 0; i < messages.Count; i++) _starts[i + 1] = _starts[i] + messages[i].Length;
        _octets = GC.AllocateArray<byte>(Math.Max(1, _starts[^1]), pinned: true);
        for (int i = 0; i < messages.Count; i++) messages[i].CopyTo(_octets, _starts[i]);
    }

    public string Name { get; }

    public int Count => _starts.Length - 1;

    public ReadOnlySpan<byte> this[int index] => _octets.AsSpan(_starts[index], _starts[index + 1] - _starts[index]);

    /// <summary>A message as an array of its own: DnsClient misreads compression pointers in a segment that does not start at 0.</summary>
    public ArraySegment<byte> Segment(int index) => _messages[index];

    /// <summary>Reads a gzip file of records: the length in two octets, big-endian, then the message.</summary>
    public static MessageCorpus Load(string name, string path)
    {
        using GZipStream source = new(File.OpenRead(path), CompressionMode.Decompress);
        List<byte[]> messages = [];
        byte[] prefix = new byte[2];
        while (source.ReadAtLeast(prefix, 2, throwOnEndOfStream: false) == 2)
        {
            byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
            source.ReadExactly(message);
            messages.Add(message);
        }

        return new(name, messages);
    }
}
