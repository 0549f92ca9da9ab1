using System.Buffers;
using System.IO.Pipelines;

namespace PassiveDns.Fuzz;

/// <summary>
/// A zone file and three more that it may include, with octets FF between them, under bounds that the first octet chooses: everything ends,
/// and the promises of <see cref="ZoneTarget"/> hold over all files together.
/// </summary>
internal static class IncludeTarget
{
    private const int MaxIncludes = 1000; // the reader's own bound
    private const byte Between = 0xFF;

    private static readonly string[] s_files = ["a.zone", "b.zone", "sub/c.zone"];
    private static readonly string s_directory = MakeDirectory();

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        ZoneReaderOptions options = new()
        {
            IncludeDirectory = (input[0] & 1) != 0 ? null : s_directory,
            MaxEntryLength = (input[0] & 2) != 0 ? 1024 : 4096,
            MaxGeneratedRecords = (input[0] >> 2 & 3) * 20,
            MaxKeptFaults = input[0] >> 4,
        };
        ReadOnlySpan<byte> rest = input[1..];
        byte[] main = Take(ref rest);
        long length = 0;
        foreach (string file in s_files)
        {
            byte[] octets = Take(ref rest);
            length = Math.Max(length, octets.Length);
            File.WriteAllBytes(Path.Combine(s_directory, file), octets);
        }

        string whole = ZoneTarget.Read(PipeReader.Create(new ReadOnlySequence<byte>(main)), options, main.Length + MaxIncludes * length, check: true);
        string pieces = ZoneTarget.Read(PipeReader.Create(new PieceStream(main, main.Length)), options, long.MaxValue, check: false);

        // how much comes out of a damaged gzip stream before the damage is noticed does depend on the pieces
        bool isDamaged = main.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) && whole.Contains("damaged-compression", StringComparison.Ordinal);
        Promise.Holds(whole == pieces || isDamaged, $"as a whole\n{whole}in pieces\n{pieces}");
    }

    private static byte[] Take(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf(Between);
        byte[] taken = (end < 0 ? rest : rest[..end]).ToArray();
        rest = end < 0 ? default : rest[(end + 1)..];
        return taken;
    }

    private static string MakeDirectory()
    {
        string root = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"passivedns-fuzz-{Environment.ProcessId}");
        Directory.CreateDirectory(Path.Combine(root, "sub"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return root;
    }
}
