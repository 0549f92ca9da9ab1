using System.Buffers.Binary;
using System.Text;

namespace PassiveDns.Benchmarks;

/// <summary>Writes a message with the compression that servers use: each name that was written before is pointed to.</summary>
internal sealed class MessageWriter
{
    private readonly List<byte> _out = [];
    private readonly Dictionary<string, int> _seen = [];
    private readonly int[] _counts = new int[4];

    public MessageWriter(ushort id, ushort flags)
    {
        Span<byte> header = stackalloc byte[12];
        header.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header, id);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], flags);
        _out.AddRange(header);
    }

    public void Question(string name, ushort type)
    {
        _counts[0]++;
        Name(name);
        U16(type);
        U16(1);
    }

    /// <summary>Writes a record; <paramref name="data"/> writes its rdata through this writer.</summary>
    public void Record(int section, string owner, ushort type, uint ttl, Action<MessageWriter> data, ushort recordClass = 1)
    {
        _counts[section]++;
        Name(owner);
        U16(type);
        U16(recordClass);
        U16((ushort)(ttl >> 16));
        U16((ushort)ttl);
        int start = _out.Count + 2;
        U16(0);
        data(this);
        _out[start - 2] = (byte)(_out.Count - start >> 8);
        _out[start - 1] = (byte)(_out.Count - start);
    }

    public void Name(string name, bool compress = true)
    {
        string rest = name;
        while (rest.Length > 0)
        {
            if (compress && _seen.TryGetValue(rest, out int offset))
            {
                U16((ushort)(0xC000 | offset));
                return;
            }

            if (_out.Count < 0x4000) _seen.TryAdd(rest, _out.Count);
            int dot = rest.IndexOf('.', StringComparison.Ordinal);
            string label = dot < 0 ? rest : rest[..dot];
            U8((byte)label.Length);
            Octets(Encoding.ASCII.GetBytes(label));
            rest = dot < 0 ? "" : rest[(dot + 1)..];
        }

        U8(0);
    }

    public void U8(byte value) => _out.Add(value);

    public void U16(int value)
    {
        U8((byte)(value >> 8));
        U8((byte)value);
    }

    public void Octets(ReadOnlySpan<byte> value) => _out.AddRange(value);

    public byte[] ToArray()
    {
        byte[] message = [.. _out];
        for (int i = 0; i < 4; i++) BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4 + 2 * i), (ushort)_counts[i]);
        return message;
    }
}
