using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace PassiveDns.Capture.Tests;

/// <summary>Builds messages, datagrams, segments and packets by the RFCs, with a checksum of its own.</summary>
internal static class Wire
{
    public const string Resolver = "192.0.2.53";
    public const string Server = "198.51.100.1";
    public const string Resolver6 = "2001:db8::53";
    public const string Server6 = "2001:db8:1::1";

    public static byte[] Message(int id, string name, bool response, byte answer = 1, int flags = 0, int answers = -1, int padding = 0, int qdcount = 1)
    {
        List<byte> m = [];
        int count = answers >= 0 ? answers : response ? 1 : 0;
        U16(m, id);
        U16(m, (response ? 0x8400 : 0) | flags);
        U16(m, qdcount);
        U16(m, count);
        U16(m, 0);
        U16(m, 0);
        for (int i = 0; i < qdcount; i++)
        {
            foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
            {
                m.Add((byte)label.Length);
                m.AddRange(Encoding.Latin1.GetBytes(label));
            }

            m.Add(0);
            U16(m, 1);
            U16(m, 1);
        }

        for (int i = 0; i < count; i++)
        {
            m.AddRange([0xC0, 0x0C, 0, padding > 0 ? (byte)16 : (byte)1, 0, 1, 0, 0, 14, 16]);
            byte[] rdata = padding > 0 ? [.. Enumerable.Range(0, padding).Select(n => (byte)(n * 7))] : [203, 0, 113, answer];
            U16(m, rdata.Length);
            m.AddRange(rdata);
        }

        return [.. m];
    }

    public static byte[] Udp(string from, string to, int fromPort, int toPort, byte[] payload, bool? goodChecksum = true)
    {
        byte[] d = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(d, (ushort)fromPort);
        BinaryPrimitives.WriteUInt16BigEndian(d.AsSpan(2), (ushort)toPort);
        BinaryPrimitives.WriteUInt16BigEndian(d.AsSpan(4), (ushort)d.Length);
        payload.CopyTo(d, 8);
        if (goodChecksum is bool good)
        {
            ushort sum = PseudoChecksum(from, to, 17, d);
            BinaryPrimitives.WriteUInt16BigEndian(d.AsSpan(6), good ? sum : (ushort)(sum ^ 0x1234));
        }

        return d;
    }

    public static byte[] Tcp(int fromPort, int toPort, uint sequence, byte[] payload, bool syn = false, bool fin = false)
    {
        byte[] s = new byte[20 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(s, (ushort)fromPort);
        BinaryPrimitives.WriteUInt16BigEndian(s.AsSpan(2), (ushort)toPort);
        BinaryPrimitives.WriteUInt32BigEndian(s.AsSpan(4), sequence);
        s[12] = 5 << 4;
        s[13] = (byte)(0x10 | (syn ? 2 : 0) | (fin ? 1 : 0));
        payload.CopyTo(s, 20);
        return s;
    }

    /// <summary>An IP packet, or a fragment of one.</summary>
    public static byte[] Ip(string from, string to, int protocol, ReadOnlySpan<byte> payload, int? fragmentOffset = null, bool more = false, uint id = 1)
    {
        byte[] source = IPAddress.Parse(from).GetAddressBytes();
        byte[] destination = IPAddress.Parse(to).GetAddressBytes();
        List<byte> p = [];
        if (source.Length == 4)
        {
            p.AddRange([0x45, 0]);
            U16(p, 20 + payload.Length);
            U16(p, (int)id);
            U16(p, (more ? 0x2000 : 0) | ((fragmentOffset ?? 0) / 8));
            p.AddRange([64, (byte)protocol, 0, 0]);
        }
        else
        {
            p.AddRange([0x60, 0, 0, 0]);
            U16(p, payload.Length + (fragmentOffset is null ? 0 : 8));
            p.AddRange([fragmentOffset is null ? (byte)protocol : (byte)44, 64]);
        }

        p.AddRange(source);
        p.AddRange(destination);
        if (source.Length == 16 && fragmentOffset is int offset)
        {
            p.AddRange([(byte)protocol, 0]);
            U16(p, offset | (more ? 1 : 0));
            U16(p, (int)(id >> 16));
            U16(p, (int)id);
        }

        p.AddRange(payload);
        return [.. p];
    }

    public static byte[] Ethernet(byte[] ip, params int[] tags)
    {
        List<byte> f = [.. new byte[12]];
        foreach (int tag in tags)
        {
            U16(f, tag);
            U16(f, 7);
        }

        U16(f, ip[0] >> 4 == 4 ? 0x0800 : 0x86DD);
        f.AddRange(ip);
        return [.. f];
    }

    public static byte[] UdpPacket(string from, string to, int fromPort, int toPort, byte[] message, bool? goodChecksum = true) =>
        Ip(from, to, 17, Udp(from, to, fromPort, toPort, message, goodChecksum));

    public static byte[] Query(int id, string name, int port = 4000, int flags = 0, string from = Resolver, string to = Server) =>
        UdpPacket(from, to, port, 53, Message(id, name, false, flags: flags));

    public static byte[] Response(int id, string name, int port = 4000, byte answer = 1, int flags = 0, string from = Server, string to = Resolver) =>
        UdpPacket(from, to, 53, port, Message(id, name, true, answer, flags));

    /// <summary>RFC 1071 word by word, without any trick: the yardstick for the decoder's own sum.</summary>
    public static ushort PseudoChecksum(string from, string to, int protocol, byte[] datagram)
    {
        List<byte> all = [.. IPAddress.Parse(from).GetAddressBytes(), .. IPAddress.Parse(to).GetAddressBytes()];
        U16(all, protocol);
        U16(all, datagram.Length >> 16);
        U16(all, datagram.Length & 0xFFFF);
        all.AddRange(datagram);
        if (all.Count % 2 == 1) all.Add(0);
        uint sum = 0;
        for (int i = 0; i < all.Count; i += 2)
        {
            sum += (uint)(all[i] << 8 | all[i + 1]);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum == 0xFFFF ? (ushort)0xFFFF : (ushort)~sum;
    }

    public static byte[] Framed(params byte[][] messages) => [.. messages.SelectMany(m => new[] { (byte)(m.Length >> 8), (byte)m.Length }.Concat(m))];

    private static void U16(List<byte> list, int value)
    {
        list.Add((byte)(value >> 8));
        list.Add((byte)value);
    }
}
