namespace PassiveDns.Capture;

/// <summary>What became of a packet; every packet has exactly one fate at every moment.</summary>
public enum PacketFate : byte
{
    /// <summary>It carried a DNS message over UDP, or was the fragment that completed one.</summary>
    UdpMessage,

    /// <summary>It carried octets of a TCP stream on port 53.</summary>
    TcpSegment,

    /// <summary>A TCP packet on port 53 without data.</summary>
    TcpControl,

    /// <summary>A TCP segment that brought nothing new.</summary>
    TcpRetransmission,

    /// <summary>A fragment whose datagram is complete.</summary>
    FragmentJoined,

    /// <summary>A fragment whose datagram is not complete yet.</summary>
    FragmentWaiting,

    /// <summary>An exact copy of a fragment that was there already.</summary>
    FragmentDuplicate,

    /// <summary>UDP or TCP, and neither port is 53.</summary>
    OtherPort,

    /// <summary>IP, and neither UDP nor TCP: ICMP (also where it quotes DNS), tunnels, ESP and others.</summary>
    OtherProtocol,

    /// <summary>No IP packet: ARP, spanning tree and others.</summary>
    NotIp,

    /// <summary>Its interface has a link type that cannot be decoded.</summary>
    UnknownLink,

    /// <summary>It has no time, as in a simple packet block of pcapng: nothing in it can be observed at any time.</summary>
    NoTime,

    /// <summary>It was cut by the capture's snapshot length, and its DNS message is not whole.</summary>
    TruncatedCapture,

    /// <summary>The link layer's header is cut off or nested too deep.</summary>
    MalformedLink,

    /// <summary>The IP header, or a chain of extension headers, is damaged, or more than eight deep (RFC 791, RFC 8200).</summary>
    MalformedIp,

    /// <summary>The UDP header or length is damaged (RFC 768).</summary>
    MalformedUdp,

    /// <summary>The TCP header is damaged (RFC 9293).</summary>
    MalformedTcp,

    /// <summary>A UDP datagram on port 53 without a payload.</summary>
    EmptyUdp,

    /// <summary>A response whose UDP checksum is wrong: the resolver's host did not accept it either.</summary>
    ChecksumIncorrect,

    /// <summary>A fragment of a datagram that is not believed: overlap, impossible length (RFC 5722, RFC 8200 section 4.5).</summary>
    FragmentInvalid,

    /// <summary>A fragment whose datagram was not complete in time or at the end of the input.</summary>
    FragmentIncomplete,

    /// <summary>A fragment that had to leave because too many datagrams were waiting.</summary>
    FragmentEvicted,

    /// <summary>A TCP segment of a stream whose start was not seen, and where no message surely starts.</summary>
    TcpMidstream,

    /// <summary>A TCP segment that contradicts an earlier copy of the same octets, or any other of that stream: it is not believed.</summary>
    TcpConflict,

    /// <summary>A TCP segment too far ahead, or of a stream with too many holes.</summary>
    TcpLimit,

    /// <summary>A TCP segment whose message was never complete: a hole, the end of the stream or of the input.</summary>
    TcpIncomplete,
}
