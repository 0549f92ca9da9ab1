using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Capture;

/// <summary>The listening socket of a source of dnstap or PowerDNS messages, and the file of a UNIX one.</summary>
internal sealed class DnstapSocket : IDisposable
{
    private const int Backlog = 64;

    private readonly Socket _socket;
    private readonly string? _path;

    private DnstapSocket(Socket socket, string? path)
    {
        _socket = socket;
        _path = path;
    }

    /// <summary>Where it listens.</summary>
    public EndPoint LocalEndPoint => _socket.LocalEndPoint!;

    /// <summary>Listens on a UNIX socket. A file that a listener which is gone left behind is replaced.</summary>
    /// <exception cref="IOException">Somebody else listens there, something else lies there, or it cannot be made.</exception>
    public static DnstapSocket Listen(string path, UnixFileMode mode)
    {
        UnixDomainSocketEndPoint endPoint = EndPointOf(path);
        RemoveStale(path, endPoint);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endPoint);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
            socket.Listen(Backlog);
            return new(socket, Path.GetFullPath(path));
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"{path}: a socket cannot be made there ({e.Message}); its directory must exist and be writable for this user.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            socket.Dispose();
            throw new IOException($"{path}: the rights of the socket cannot be set ({e.Message}).", e);
        }
    }

    /// <summary>Listens on a TCP port.</summary>
    /// <param name="endPoint">The address and the port.</param>
    /// <param name="kind">What comes there, for messages.</param>
    /// <exception cref="IOException">The port is taken, or the address is none of this host.</exception>
    public static DnstapSocket Listen(IPEndPoint endPoint, string kind)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return new(socket, null);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"The {kind} listener cannot be opened at port {endPoint.Port} ({e.Message}); choose another port or an address of this host.", e);
        }
    }

    /// <summary>Waits for a sender.</summary>
    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => _socket.AcceptAsync(cancellationToken);

    /// <summary>Closes the socket and removes its file.</summary>
    public void Dispose()
    {
        _socket.Dispose(); // which removes the file that it was bound to
        if (_path is not null) File.Delete(_path);
    }

    private static UnixDomainSocketEndPoint EndPointOf(string path)
    {
        try
        {
            return new(path);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ArgumentException($"'{path}' is too long for a UNIX socket (about 100 octets); choose a shorter path.", nameof(path), e);
        }
    }

    private static void RemoveStale(string path, UnixDomainSocketEndPoint endPoint)
    {
        if (!File.Exists(path)) return;
        if (File.GetAttributes(path) is var attributes && (attributes & FileAttributes.Directory) != 0 || new FileInfo(path).Length > 0)
            throw new IOException($"{path}: this is no socket; choose another path, or remove what lies there.");
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path); // nobody listens behind it any more
            return;
        }
        catch (SocketException e)
        {
            throw new IOException($"{path}: it exists and cannot be asked whether it is in use ({e.Message}).", e);
        }

        throw new IOException($"{path}: another program listens there already; end it or choose another path.");
    }
}
