namespace PassiveDns.Capture;

/// <summary>How a listener for dnstap, or for messages of PowerDNS, deals with its senders.</summary>
public sealed class DnstapListenerOptions
{
    /// <summary>The most connections at one time, 1 to 4,096; more are closed at once and counted. Default 64.</summary>
    public int MaxConnections { get; set; } = 64;

    /// <summary>Octets for responses that wait to be taken, 1 MiB to 1 GiB, shared by all connections. Default 16 MiB.</summary>
    public int QueueOctets { get; set; } = 16 << 20;

    /// <summary>What happens when the queue is full.</summary>
    public DnstapQueuePolicy WhenFull { get; set; } = DnstapQueuePolicy.Block;

    /// <summary>How long a sender of dnstap may take to begin, up to one hour. Default 10 seconds. PowerDNS has nothing to begin with.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for what the senders have sent already, up to one hour. Default 2 seconds.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether senders that do not wait for an answer are taken too (Frame Streams without the handshake). Default <c>true</c>.</summary>
    public bool AcceptUnidirectional { get; set; } = true;

    /// <summary>Who may connect to a UNIX socket. Default: its owner and its group, which the DNS server must be in.</summary>
    public UnixFileMode SocketMode { get; set; } = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Checks every limit. A source does so when it is made.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names the option and the mend.</exception>
    public void Validate()
    {
        if (MaxConnections is < 1 or > 4096)
            throw new ArgumentException("DnstapListener.MaxConnections is out of range: give 1 to 4096, such as 64.");
        if (QueueOctets is < 1 << 20 or > 1 << 30)
            throw new ArgumentException("DnstapListener.QueueOctets is out of range: give 1048576 to 1073741824, such as 16777216.");
        if (!Enum.IsDefined(WhenFull))
            throw new ArgumentException("DnstapListener.WhenFull has no such value: give Block or DropNewest.");
        if (HandshakeTimeout <= TimeSpan.Zero || HandshakeTimeout > TimeSpan.FromHours(1))
            throw new ArgumentException("DnstapListener.HandshakeTimeout is out of range: give a time above zero and up to 01:00:00, such as 00:00:10.");
        if (StopTimeout < TimeSpan.Zero || StopTimeout > TimeSpan.FromHours(1))
            throw new ArgumentException("DnstapListener.StopTimeout is out of range: give 00:00:00 to 01:00:00, such as 00:00:02.");
        if ((SocketMode & ~(UnixFileMode)0x1FF) != 0)
            throw new ArgumentException("DnstapListener.SocketMode is out of range: give rights of user, group and others, such as UserRead, UserWrite.");
    }
}
