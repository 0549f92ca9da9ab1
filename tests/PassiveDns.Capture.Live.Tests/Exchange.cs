using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Capture.Live.Tests;

/// <summary>Queries and responses over real sockets of the two hosts, made octet by octet.</summary>
internal static class Exchange
{
    /// <summary>A query for a TXT record of <c>q-number.example</c>, or the response with so many octets of text.</summary>
    public static byte[] Message(int number, int answerOctets, bool recursionDesired = false)
    {
        byte[] label = System.Text.Encoding.ASCII.GetBytes($"q-{number}");
        byte[] question = [(byte)label.Length, .. label, 7, .. "example"u8, 0, 0, 16, 0, 1];
        bool isResponse = answerOctets > 0;
        byte[] header = [(byte)(number >> 8), (byte)number, (byte)((isResponse ? 0x84 : 0) | (recursionDesired ? 1 : 0)), 0, 0, 1, 0, (byte)(isResponse ? 1 : 0), 0, 0, 0, 0];
        if (!isResponse) return [.. header, .. question];
        byte[] text = new byte[answerOctets + ((answerOctets + 254) / 255)];
        for (int at = 0; at < text.Length; at += 256) text[at] = (byte)Math.Min(255, text.Length - at - 1);
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
        return [.. header, .. question, 0xC0, 12, 0, 16, 0, 1, 0, 0, 1, 0, .. length, .. text];
    }

    public static Socket Udp(string host, IPAddress address, int port) => NetworkPair.Inside(host, () =>
    {
        Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000, ReceiveBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    });

    /// <summary>One question and its answer, each received by the other side before it goes on.</summary>
    public static void Ask(Socket resolver, Socket server, int number, int answerOctets, bool recursionDesired = false)
    {
        byte[] buffer = new byte[65_535];
        resolver.SendTo(Message(number, 0, recursionDesired), server.LocalEndPoint!);
        EndPoint from = resolver.LocalEndPoint!;
        server.ReceiveFrom(buffer, ref from);
        server.SendTo(Message(number, answerOctets, recursionDesired), from);
        resolver.Receive(buffer);
    }

    /// <summary>One TCP connection with so many questions, each answered.</summary>
    public static void AskOverTcp(NetworkPair hosts, IPAddress resolver, IPAddress server, IEnumerable<int> numbers, int answerOctets)
    {
        using Socket listener = NetworkPair.Inside(hosts.ServerHost, () =>
        {
            Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(server, 53));
            socket.Listen();
            return socket;
        });
        using Socket client = NetworkPair.Inside(hosts.ResolverHost, () =>
        {
            Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
            socket.Bind(new IPEndPoint(resolver, 0));
            socket.Connect(new IPEndPoint(server, 53));
            return socket;
        });
        using Socket accepted = listener.Accept();
        foreach (int number in numbers)
        {
            client.Send(Framed(Message(number, 0)));
            ReceiveFramed(accepted);
            accepted.Send(Framed(Message(number, answerOctets)));
            ReceiveFramed(client);
        }
    }

    private static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static void ReceiveFramed(Socket socket)
    {
        byte[] buffer = new byte[2 + 65_535];
        int have = 0;
        while (have < 2 || have < 2 + BinaryPrimitives.ReadUInt16BigEndian(buffer))
        {
            int read = socket.Receive(buffer.AsSpan(have));
            Assert.NotEqual(0, read);
            have += read;
        }
    }
}
