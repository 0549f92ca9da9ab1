using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Capture.Live.Tests;

/// <summary>Sends Ethernet frames as they are out of an interface of a namespace (packet(7)).</summary>
internal sealed class RawFrames : IDisposable
{
    private readonly Socket _socket;

    public RawFrames(string host, string name) => _socket = NetworkPair.Inside(host, () =>
    {
        // Inside the namespace, sysfs still shows the old one: the index is asked of the framework, which asks the kernel.
        int index = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().Single(one => one.Name == name).GetIPProperties().GetIPv6Properties().Index;
        Socket socket = new(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);
        socket.Bind(new LinkEndPoint(index));
        return socket;
    });

    public void Send(byte[] frame)
    {
        frame.AsSpan(0, 6).Fill(0xFF); // to everybody
        if (_socket.Send(frame) != frame.Length) Assert.Fail("a frame was cut"); // without a box for each
    }

    public void Dispose() => _socket.Dispose();

    // struct sockaddr_ll: family, protocol, interface index, and more that bind(2) does not need
    private sealed class LinkEndPoint(int index) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            SocketAddress address = new(AddressFamily.Packet, 20);
            Span<byte> octets = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(octets, index);
            for (int i = 0; i < 4; i++) address[4 + i] = octets[i];
            return address;
        }
    }
}
