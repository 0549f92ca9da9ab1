using System.Runtime.InteropServices;

namespace PassiveDns.Benchmarks.Parsing;

/// <summary>NLnet Labs' ldns: a packet with all records as objects, then freed.</summary>
internal sealed unsafe partial class LdnsParser : MessageParser
{
    private const string Library = "libldns.so.3";

    public override string Name => "ldns";

    public override bool IsManaged => false;

    /// <summary>Why it cannot run here, or <c>null</c>.</summary>
    public static string? Missing => NativeLibrary.TryLoad(Library, out _) ? null : $"{Library} is not installed (Debian: libldns3)";

    public override int Parse(MessageCorpus corpus, int first, int count)
    {
        int refused = 0;
        for (int i = first; i < first + count; i++)
        {
            ReadOnlySpan<byte> message = corpus[i];
            fixed (byte* start = message)
            {
                if (ReadPacket(out nint packet, start, (nuint)message.Length) == 0) FreePacket(packet);
                else refused++;
            }
        }

        return refused;
    }

    [LibraryImport(Library, EntryPoint = "ldns_wire2pkt")]
    [SuppressGCTransition]
    private static partial int ReadPacket(out nint packet, byte* message, nuint length);

    [LibraryImport(Library, EntryPoint = "ldns_pkt_free")]
    [SuppressGCTransition]
    private static partial void FreePacket(nint packet);
}
