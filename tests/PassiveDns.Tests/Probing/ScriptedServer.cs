using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Tests.Probing;

/// <summary>A UDP server that answers as a test tells it, and counts what it was asked.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly UdpClient _socket;
    private readonly Func<byte[], IEnumerable<byte[]>> _answers;
    private int _questions;

    /// <param name="address">Where it listens.</param>
    /// <param name="port">The port.</param>
    /// <param name="answers">What it sends for a question, one datagram after the other.</param>
    public ScriptedServer(string address, int port, Func<byte[], IEnumerable<byte[]>> answers)
    {
        _socket = new(new IPEndPoint(IPAddress.Parse(address), port));
        _answers = answers;
        _ = Task.Run(ServeAsync);
    }

    public int Questions => Volatile.Read(ref _questions);

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();

    /// <summary>An authoritative answer with one A record, or NXDOMAIN without an address.</summary>
    public static byte[] Answer(byte[] question, string? address)
    {
        int end = 12;
        while (question[end] != 0) end += question[end] + 1;
        byte[] head = question[..(end + 5)]; // header and question in the letters of the question
        (head[2], head[3]) = (0x84, (byte)(address is null ? 3 : 0));
        (head[6], head[7], head[10], head[11]) = (0, (byte)(address is null ? 0 : 1), 0, 0);
        return address is null ? head : [.. head, 0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, .. IPAddress.Parse(address).GetAddressBytes()];
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult question = await _socket.ReceiveAsync();
                Interlocked.Increment(ref _questions);
                foreach (byte[] answer in _answers(question.Buffer)) await _socket.SendAsync(answer, question.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // disposed of: the test is over
        }
    }
}
