using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Capture.Tests;

/// <summary>A DNS server's side of a dnstap connection.</summary>
internal sealed class TapSender : IDisposable
{
    private readonly Socket _socket;

    private TapSender(Socket socket) => _socket = socket;

    public static async Task<TapSender> ConnectAsync(EndPoint endPoint)
    {
        Socket socket = endPoint is IPEndPoint
            ? new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        return new(socket);
    }

    /// <summary>Connects, asks, waits for the answer and starts.</summary>
    public static async Task<TapSender> StartAsync(EndPoint endPoint)
    {
        TapSender sender = await ConnectAsync(endPoint);
        await sender.SendAsync(TapFrames.Control(TapFrames.Ready, TapFrames.ContentType));
        byte[] accept = TapFrames.Control(1, TapFrames.ContentType);
        Assert.Equal(accept, await sender.ReceiveAsync(accept.Length));
        await sender.SendAsync(TapFrames.Control(TapFrames.Start, TapFrames.ContentType));
        return sender;
    }

    public async Task SendAsync(params byte[][] pieces)
    {
        byte[] octets = [.. pieces.SelectMany(piece => piece)];
        for (int sent = 0; sent < octets.Length;) sent += await _socket.SendAsync(octets.AsMemory(sent), TestContext.Current.CancellationToken);
    }

    public Task SendFramesAsync(IEnumerable<byte[]> frames) => SendAsync([.. frames.Select(TapFrames.Data)]);

    /// <summary>Stops and waits for the FINISH.</summary>
    public async Task FinishAsync()
    {
        await SendAsync(TapFrames.Control(TapFrames.Stop));
        await ExpectFinishAsync();
    }

    public async Task ExpectFinishAsync()
    {
        byte[] finish = TapFrames.Control(5);
        Assert.Equal(finish, await ReceiveAsync(finish.Length));
        Assert.Empty(await ReceiveAsync(1));
    }

    /// <summary>As many octets, or fewer if the other side closes.</summary>
    public async Task<byte[]> ReceiveAsync(int length)
    {
        byte[] octets = new byte[length];
        int received = 0;
        try
        {
            while (received < length && await _socket.ReceiveAsync(octets.AsMemory(received), TestContext.Current.CancellationToken) is > 0 and int read) received += read;
        }
        catch (SocketException)
        {
            // Closed with something unread: an end like any other.
        }

        return octets[..received];
    }

    public void Dispose() => _socket.Dispose();
}
