namespace PassiveDns.Capture.Live;

/// <summary>An interface that libpcap has opened for capture. One thread at a time may use it.</summary>
internal sealed unsafe class OpenInterface : IDisposable
{
    private const short Readable = 1; // POLLIN

    private readonly int _descriptor;
    private readonly int _fractionUnit; // nanoseconds
    private nint _capture;

    private OpenInterface(string name, nint capture, LinkType link, int descriptor)
    {
        Name = name;
        _capture = capture;
        Link = link;
        _descriptor = descriptor;
        _fractionUnit = Libpcap.GetPrecision(capture) == Libpcap.Nanoseconds ? 1 : 1000;
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>What its packets start with.</summary>
    public LinkType Link { get; }

    /// <summary>Opens an interface; from now on the kernel collects what passes the filter.</summary>
    /// <exception cref="LiveCaptureException">There is no libpcap or no such interface, it may not be listened to, or the filter is wrong.</exception>
    public static OpenInterface Open(string name, LiveCaptureOptions options)
    {
        byte* error = stackalloc byte[Libpcap.ErrorLength];
        error[0] = 0;
        nint capture;
        try
        {
            capture = Libpcap.Create(name, error);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new LiveCaptureException("libpcap 1.10 or later is not installed; on Debian: apt install libpcap0.8", e);
        }

        if (capture == 0) throw new LiveCaptureException($"{name}: {Libpcap.Text(error)}");
        try
        {
            Activate(capture, name, options);
            LinkType link = (LinkType)Libpcap.GetLinkType(capture);
            if (!Enum.IsDefined(link)) throw new LiveCaptureException($"{name}: packets of link type {(int)link} cannot be decoded; capture on an Ethernet, PPP or loopback interface, or on any");
            SetFilter(capture, name, options.Filter ?? LiveCaptureOptions.DefaultFilter(link));
            if (Libpcap.SetNonBlocking(capture, 1, error) != 0) throw new LiveCaptureException($"{name}: {Libpcap.Text(error)}");
            int descriptor = Libpcap.GetSelectable(capture);
            if (descriptor < 0) throw new LiveCaptureException($"{name}: this system cannot wait for packets of it; capture on another interface");
            OpenInterface opened = new(name, capture, link, descriptor);
            capture = 0;
            return opened;
        }
        finally
        {
            if (capture != 0) Libpcap.Close(capture);
        }
    }

    /// <summary>Takes the next packet that the kernel has.</summary>
    /// <param name="packet">Its octets; they are the library's, and gone with the next call.</param>
    /// <param name="originalLength">The length that it had on the wire.</param>
    /// <param name="unixNanoseconds">When it was captured.</param>
    /// <returns><c>false</c> if there is none for now.</returns>
    /// <exception cref="LiveCaptureException">The interface went down or away.</exception>
    public bool TryNext(out ReadOnlySpan<byte> packet, out long originalLength, out long unixNanoseconds)
    {
        Libpcap.PacketHeader* header;
        byte* octets;
        int status = Libpcap.Next(_capture, &header, &octets);
        if (status == 1)
        {
            packet = new(octets, (int)header->Captured);
            originalLength = header->Original;
            unixNanoseconds = (header->Seconds * 1_000_000_000L) + ((long)header->Fraction * _fractionUnit);
            return true;
        }

        packet = default;
        (originalLength, unixNanoseconds) = (0, 0);
        if (status == 0) return false;
        throw new LiveCaptureException($"{Name}: {Libpcap.Text(Libpcap.GetError(_capture))}; bring the interface up and start again");
    }

    /// <summary>Waits until there may be a packet, or the time is over.</summary>
    public void Wait(int milliseconds)
    {
        Libpcap.Descriptor descriptor = new() { Number = _descriptor, Wanted = Readable };
        _ = Libpcap.Poll(&descriptor, 1, milliseconds); // an error shows with the next packet
    }

    /// <summary>What the kernel and the interface dropped since the start, modulo 2^32.</summary>
    public (uint Kernel, uint Interface) GetDropped()
    {
        Libpcap.Statistics statistics;
        return Libpcap.GetStatistics(_capture, &statistics) == 0 ? (statistics.Dropped, statistics.DroppedByInterface) : default;
    }

    /// <summary>Closes the interface.</summary>
    public void Dispose()
    {
        if (_capture != 0) Libpcap.Close(_capture);
        _capture = 0;
    }

    private static void Activate(nint capture, string name, LiveCaptureOptions options)
    {
        int refused = Libpcap.SetSnapLength(capture, options.SnapLength)
            | Libpcap.SetPromiscuous(capture, options.Promiscuous ? 1 : 0)
            | Libpcap.SetTimeout(capture, (int)options.ReadDelay.TotalMilliseconds)
            | Libpcap.SetImmediate(capture, options.Immediate ? 1 : 0)
            | Libpcap.SetBufferSize(capture, options.KernelBufferOctets);
        if (refused != 0) throw new LiveCaptureException($"{name}: {Libpcap.Text(Libpcap.GetError(capture))}");
        _ = Libpcap.SetPrecision(capture, Libpcap.Nanoseconds); // where there are only microseconds, those
        int status = Libpcap.Activate(capture);
        if (status >= 0) return; // above 0: a warning, such as that it cannot be promiscuous
        throw new LiveCaptureException($"{name}: " + status switch
        {
            Libpcap.NoSuchDevice => "there is no such interface; ip link lists them",
            Libpcap.PermissionDenied or Libpcap.PromiscuousDenied => "this user may not capture; run as root, or give the program the right: setcap cap_net_raw,cap_net_admin=eip PROGRAM",
            Libpcap.InterfaceNotUp => $"the interface is down; bring it up: ip link set {name} up",
            _ => Libpcap.Text(Libpcap.DescribeStatus(status)) is var text && Libpcap.Text(Libpcap.GetError(capture)) is { Length: > 0 } more ? $"{text} ({more})" : text,
        });
    }

    private static void SetFilter(nint capture, string name, string filter)
    {
        Libpcap.FilterProgram program;
        if (Libpcap.Compile(capture, &program, filter, 1, Libpcap.NoNetmask) != 0)
        {
            throw new LiveCaptureException($"{name}: the filter is wrong ({Libpcap.Text(Libpcap.GetError(capture))}); see pcap-filter(7)");
        }

        int status = Libpcap.SetFilter(capture, &program);
        Libpcap.FreeCode(&program);
        if (status != 0) throw new LiveCaptureException($"{name}: the filter cannot be set ({Libpcap.Text(Libpcap.GetError(capture))})");
    }
}
