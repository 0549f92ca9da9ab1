using System.Runtime.InteropServices;

namespace PassiveDns.Benchmarks.Parsing;

/// <summary>CZ.NIC's libknot: a packet with all records, names in canonical form, then freed.</summary>
internal sealed unsafe partial class LibknotParser : MessageParser
{
    private const string Library = "libknot.so.13";
    private const uint KeepWire = 1 << 1; // KNOT_PF_KEEPWIRE: the corpus must stay as it is

    public override string Name => "libknot";

    public override bool IsManaged => false;

    /// <summary>Why it cannot run here, or <c>null</c>.</summary>
    public static string? Missing => NativeLibrary.TryLoad(Library, out _) ? null : $"{Library} is not installed (Debian: libknot13)";

    public override int Parse(MessageCorpus corpus, int first, int count)
    {
        int refused = 0;
        for (int i = first; i < first + count; i++)
        {
            ReadOnlySpan<byte> message = corpus[i];
            fixed (byte* start = message)
            {
                nint packet = NewPacket(start, (ushort)message.Length, 0);
                if (packet == 0 || ParsePacket(packet, KeepWire) != 0) refused++;
                FreePacket(packet);
            }
        }

        return refused;
    }

    [LibraryImport(Library, EntryPoint = "knot_pkt_new")]
    [SuppressGCTransition]
    private static partial nint NewPacket(byte* message, ushort length, nint memory);

    [LibraryImport(Library, EntryPoint = "knot_pkt_parse")]
    [SuppressGCTransition]
    private static partial int ParsePacket(nint packet, uint flags);

    [LibraryImport(Library, EntryPoint = "knot_pkt_free")]
    [SuppressGCTransition]
    private static partial void FreePacket(nint packet);
}
