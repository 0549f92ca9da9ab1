using System.Runtime.InteropServices;
using PassiveDns.Capture;

namespace PassiveDns.Benchmarks.Packets;

/// <summary>libpcap, called directly; the octets it hands out are decoded like those of PassiveDns.</summary>
internal sealed unsafe partial class LibpcapReader : PacketReader
{
    private const string Library = "libpcap.so.0.8";

    public override string Name => "libpcap (P/Invoke)";

    public override bool IsManaged => false;

    public static bool IsThere => NativeLibrary.TryLoad(Library, out _);

    public override PacketCounts Read(string path)
    {
        PacketCounts counts = default;
        byte* error = stackalloc byte[256];
        nint capture = Open(path, error);
        if (capture == 0) throw new IOException(Marshal.PtrToStringUTF8((nint)error));
        LinkType link = (LinkType)GetLinkType(capture);
        Header* header;
        byte* octets;
        while (Next(capture, &header, &octets) == 1) Decoding.Add(ref counts, link, new(octets, (int)header->Captured), header->Original > header->Captured);
        Close(capture);
        return counts;
    }

    [LibraryImport(Library, EntryPoint = "pcap_open_offline", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, byte* error);

    [LibraryImport(Library, EntryPoint = "pcap_datalink")]
    private static partial int GetLinkType(nint capture);

    [LibraryImport(Library, EntryPoint = "pcap_next_ex")]
    private static partial int Next(nint capture, Header** header, byte** octets);

    [LibraryImport(Library, EntryPoint = "pcap_close")]
    private static partial void Close(nint capture);

    [StructLayout(LayoutKind.Sequential)]
    public struct Header
    {
        public nint Seconds;
        public nint Fraction;
        public uint Captured;
        public uint Original;
    }
}
