namespace PassiveDns.Capture;

/// <summary>
/// What a captured packet starts with: the LINKTYPE numbers of the pcap registry whose packets can be decoded. Other values are legal and refused.
/// </summary>
public enum LinkType
{
    /// <summary>BSD loopback: a 4-octet address family in the capturing host's byte order.</summary>
    Null = 0,

    /// <summary>Ethernet, with VLAN tags, PPPoE sessions and MPLS labels.</summary>
    Ethernet = 1,

    /// <summary>PPP, with or without address and control octets.</summary>
    Ppp = 9,

    /// <summary>Raw IP as written by BSD systems in old files.</summary>
    RawBsd = 12,

    /// <summary>Raw IP as written by OpenBSD in old files.</summary>
    RawOpenBsd = 14,

    /// <summary>PPP in HDLC-like framing.</summary>
    PppHdlc = 50,

    /// <summary>PPPoE session packets without their Ethernet header.</summary>
    Pppoe = 51,

    /// <summary>Raw IP: the first nibble tells the version.</summary>
    Raw = 101,

    /// <summary>Cisco HDLC.</summary>
    CiscoHdlc = 104,

    /// <summary>OpenBSD loopback: as <see cref="Null"/>, in network byte order.</summary>
    Loop = 108,

    /// <summary>Linux "cooked" capture, as of <c>tcpdump -i any</c>.</summary>
    LinuxSll = 113,

    /// <summary>Raw IPv4.</summary>
    IPv4 = 228,

    /// <summary>Raw IPv6.</summary>
    IPv6 = 229,

    /// <summary>Linux "cooked" capture, version 2.</summary>
    LinuxSll2 = 276,
}
