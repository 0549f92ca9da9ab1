namespace PassiveDns.Capture.Live;

/// <summary>Which interfaces a <see cref="LiveCaptureSource"/> listens to, and how.</summary>
public sealed class LiveCaptureOptions
{
    /// <summary>
    /// The interfaces, such as <c>eth0</c>; on Linux <c>any</c> for all. Several are one recording in the order of time, so that a query on one of
    /// them meets its response on another, as with the two sides of an optical tap.
    /// </summary>
    public IList<string> Interfaces { get; } = [];

    /// <summary>
    /// The filter, in the language of pcap-filter(7), or <c>null</c> for <see cref="DefaultFilter"/>. Keep the fragments in a filter of your own: only a
    /// datagram's first one has ports.
    /// </summary>
    public string? Filter { get; set; }

    /// <summary>Octets of a packet that are captured, 256 to 262,144. A message that is cut is counted and not observed. Default 262,144: all.</summary>
    public int SnapLength { get; set; } = 262_144;

    /// <summary>Whether packets for other hosts are captured too, as a port that mirrors a switch needs it. Default <c>false</c>.</summary>
    public bool Promiscuous { get; set; }

    /// <summary>Octets of the kernel's buffer of each interface, 64 KiB to 1 GiB. Default 32 MiB.</summary>
    public int KernelBufferOctets { get; set; } = 32 << 20;

    /// <summary>How long the kernel may collect packets before it hands them over, 1 ms to 10 s. Longer waits cost less. Default 100 ms.</summary>
    public TimeSpan ReadDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Whether each packet is handed over at once instead. Default <c>false</c>. The kernel's buffer then holds one packet for each <see cref="SnapLength"/>
    /// octets, on Linux 128 by default: a shorter one makes room for bursts.
    /// </summary>
    public bool Immediate { get; set; }

    /// <summary>Octets of the buffer between capture and decoding, 4 MiB to 1 GiB; taken as they are needed. Default 64 MiB.</summary>
    public int BufferOctets { get; set; } = 64 << 20;

    /// <summary>What becomes of packets when that buffer is full. Default <see cref="FullBuffer.Block"/>.</summary>
    public FullBuffer WhenFull { get; set; } = FullBuffer.Block;

    /// <summary>
    /// The filter that is used unless another is given: UDP and TCP on port 53, all fragments and packets with IPv6 extension headers, in which ports
    /// cannot be found by a filter; on Ethernet also behind one or two VLAN tags.
    /// </summary>
    /// <param name="link">What the interface's packets start with.</param>
    public static string DefaultFilter(LinkType link)
    {
        // IPv4: UDP or TCP fragments behind the first. IPv6: fragments (44), and UDP, TCP or a fragment behind one of hop-by-hop (0), routing (43), AH (51)
        // and destination options (60).
        const string Plain = "port 53 or (ip[6:2] & 0x1fff != 0 and (ip[9] = 17 or ip[9] = 6)) or (ip6 and (ip6[6] = 44"
            + " or ((ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 51 or ip6[6] = 60) and (ip6[40] = 17 or ip6[40] = 6 or ip6[40] = 44))))";

        // Each "vlan" moves the offsets of all that follows it, so the tagged forms stand inside each other.
        return link == LinkType.Ethernet ? $"{Plain} or (vlan and ({Plain} or (vlan and ({Plain}))))" : Plain;
    }

    /// <summary>Checks every limit. A source does so when it is made.</summary>
    /// <exception cref="ArgumentException">No interface is named, or a value is out of its range; the message names the option and the mend.</exception>
    public void Validate()
    {
        if (Interfaces.Count == 0) throw new ArgumentException("LiveCapture.Interfaces is empty: name an interface, such as eth0.");
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string name in Interfaces)
        {
            if (string.IsNullOrWhiteSpace(name)) throw new ArgumentException("LiveCapture.Interfaces holds an empty name: name an interface, such as eth0.");
            if (!seen.Add(name)) throw new ArgumentException($"LiveCapture.Interfaces names {name} twice, so that its packets would count twice: name it once.");
        }

        if (SnapLength is < 256 or > 262_144) throw new ArgumentException("LiveCapture.SnapLength is out of range: give 256 to 262144, such as 262144.");
        if (KernelBufferOctets is < 1 << 16 or > 1 << 30) throw new ArgumentException("LiveCapture.KernelBufferOctets is out of range: give 65536 to 1073741824, such as 33554432.");
        if (BufferOctets is < 4 << 20 or > 1 << 30) throw new ArgumentException("LiveCapture.BufferOctets is out of range: give 4194304 to 1073741824, such as 67108864.");
        if (ReadDelay < TimeSpan.FromMilliseconds(1) || ReadDelay > TimeSpan.FromSeconds(10))
            throw new ArgumentException("LiveCapture.ReadDelay is out of range: give 00:00:00.001 to 00:00:10, such as 00:00:00.1.");
        if (!Enum.IsDefined(WhenFull)) throw new ArgumentException("LiveCapture.WhenFull is none of its values: give Block or DropNewest.");
    }
}
