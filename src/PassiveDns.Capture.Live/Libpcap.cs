using System.Reflection;
using System.Runtime.InteropServices;

namespace PassiveDns.Capture.Live;

/// <summary>The functions of libpcap 1.10 or later that live capture needs (pcap(3PCAP)). Strings are UTF-8.</summary>
internal static unsafe partial class Libpcap
{
    public const int ErrorLength = 256; // PCAP_ERRBUF_SIZE
    public const int Nanoseconds = 1; // PCAP_TSTAMP_PRECISION_NANO
    public const uint NoNetmask = 0xFFFFFFFF; // PCAP_NETMASK_UNKNOWN
    public const int NoSuchDevice = -5;
    public const int PermissionDenied = -8;
    public const int InterfaceNotUp = -9;
    public const int PromiscuousDenied = -11;

    private const string Library = "pcap";

    static Libpcap() => NativeLibrary.SetDllImportResolver(typeof(Libpcap).Assembly, Resolve);

    [LibraryImport(Library, EntryPoint = "pcap_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Create(string device, byte* error);

    [LibraryImport(Library, EntryPoint = "pcap_set_snaplen")]
    public static partial int SetSnapLength(nint capture, int octets);

    [LibraryImport(Library, EntryPoint = "pcap_set_promisc")]
    public static partial int SetPromiscuous(nint capture, int on);

    [LibraryImport(Library, EntryPoint = "pcap_set_timeout")]
    public static partial int SetTimeout(nint capture, int milliseconds);

    [LibraryImport(Library, EntryPoint = "pcap_set_immediate_mode")]
    public static partial int SetImmediate(nint capture, int on);

    [LibraryImport(Library, EntryPoint = "pcap_set_buffer_size")]
    public static partial int SetBufferSize(nint capture, int octets);

    [LibraryImport(Library, EntryPoint = "pcap_set_tstamp_precision")]
    public static partial int SetPrecision(nint capture, int precision);

    [LibraryImport(Library, EntryPoint = "pcap_get_tstamp_precision")]
    public static partial int GetPrecision(nint capture);

    [LibraryImport(Library, EntryPoint = "pcap_activate")]
    public static partial int Activate(nint capture);

    [LibraryImport(Library, EntryPoint = "pcap_datalink")]
    public static partial int GetLinkType(nint capture);

    [LibraryImport(Library, EntryPoint = "pcap_compile", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Compile(nint capture, FilterProgram* program, string filter, int optimize, uint netmask);

    [LibraryImport(Library, EntryPoint = "pcap_setfilter")]
    public static partial int SetFilter(nint capture, FilterProgram* program);

    [LibraryImport(Library, EntryPoint = "pcap_freecode")]
    public static partial void FreeCode(FilterProgram* program);

    [LibraryImport(Library, EntryPoint = "pcap_setnonblock")]
    public static partial int SetNonBlocking(nint capture, int on, byte* error);

    [LibraryImport(Library, EntryPoint = "pcap_get_selectable_fd")]
    public static partial int GetSelectable(nint capture);

    /// <summary>1: a packet; 0: none for now; less: an error.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_next_ex")]
    public static partial int Next(nint capture, PacketHeader** header, byte** octets);

    [LibraryImport(Library, EntryPoint = "pcap_stats")]
    public static partial int GetStatistics(nint capture, Statistics* statistics);

    [LibraryImport(Library, EntryPoint = "pcap_geterr")]
    public static partial byte* GetError(nint capture);

    [LibraryImport(Library, EntryPoint = "pcap_statustostr")]
    public static partial byte* DescribeStatus(int status);

    [LibraryImport(Library, EntryPoint = "pcap_close")]
    public static partial void Close(nint capture);

    /// <summary>poll(2): waits until a descriptor can be read, or the time is over.</summary>
    [LibraryImport("libc", EntryPoint = "poll")]
    public static partial int Poll(Descriptor* descriptors, nuint count, int milliseconds);

    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    // The library's file is called differently on Debian, on other Linux systems and on macOS.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        foreach (string file in (string[])["libpcap.so.1", "libpcap.so.0.8", "libpcap.so", "libpcap.A.dylib", "libpcap.dylib"])
        {
            if (NativeLibrary.TryLoad(file, assembly, path, out nint handle)) return handle;
        }

        return 0;
    }

    /// <summary>struct pcap_pkthdr; the second part of the time are nanoseconds if that precision was granted, else microseconds.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PacketHeader
    {
        public nint Seconds;
        public nint Fraction;
        public uint Captured;
        public uint Original;
    }

    /// <summary>struct pcap_stat.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Statistics
    {
        public uint Received;
        public uint Dropped;
        public uint DroppedByInterface;
    }

    /// <summary>struct bpf_program.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FilterProgram
    {
        public uint Length;
        public nint Instructions;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Descriptor
    {
        public int Number;
        public short Wanted;
        public short Happened;
    }
}
