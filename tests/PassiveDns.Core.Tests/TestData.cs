using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;

namespace PassiveDns.Tests;

/// <summary>Finds test data, and the short forms that tests write octets and rdata in.</summary>
internal static class TestData
{
    private static readonly string s_tests = FindTests();

    /// <summary>Octets from hexadecimal text; blanks are ignored.</summary>
    public static byte[] Hex(string text) => Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));

    /// <summary>The lines of a file under tests/Corpus, unpacked if its name ends in .gz.</summary>
    public static IEnumerable<string> CorpusLines(string path) => Lines(Path.Combine(s_tests, "Corpus", path));

    /// <summary>The path of a file under tests/Corpus.</summary>
    public static string CorpusPath(string path) => Path.Combine(s_tests, "Corpus", path);

    /// <summary>The lines of a file of the larger data set that may stand beside the repository; skips the test if it is not there.</summary>
    public static IEnumerable<string> SharedLines(string path)
    {
        string file = SharedPath(path);
        Assert.SkipUnless(File.Exists(file), $"The data set beside the repository has no {path} here.");
        return Lines(file);
    }

    /// <summary>The path of something in the larger data set.</summary>
    public static string SharedPath(string path) => Checkout.FindShared("data/" + path) ?? path;

    public static IEnumerable<string> Lines(string file)
    {
        using Stream stream = File.OpenRead(file);
        using StreamReader reader = new(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (reader.ReadLine() is { } line) yield return line;
    }

    [ThreadStatic]
    private static byte[]? t_room; // makers of random data try until they hit sound data: 64 KiB a try would be most of their work

    /// <summary>Canonicalises rdata that stands in a message of its own, behind 12 octets of header.</summary>
    public static RdataStatus Canonicalize(RecordType type, byte[] rdata, out byte[] canonical)
    {
        byte[] message = [.. new byte[DnsHeader.Length], .. rdata];
        byte[] room = t_room ??= new byte[RecordData.MaxLength];
        RdataStatus status = RecordData.Canonicalize(message, DnsHeader.Length, rdata.Length, type, room, out int written);
        canonical = room[..written];
        return status;
    }

    /// <summary>Reads text into canonical rdata, or returns <c>null</c>.</summary>
    public static byte[]? Parse(RecordType type, string text)
    {
        byte[] room = new byte[RecordData.MaxLength];
        return RdataText.TryParse(type, Encoding.Latin1.GetBytes(text), room, out int written) ? room[..written] : null;
    }

    // The build may map source paths, so the folder is looked for from the place of the test assembly upwards.
    private static string FindTests([CallerFilePath] string source = "")
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (Directory.Exists(Path.Combine(at.FullName, "Corpus", "rdata"))) return at.FullName;
        }

        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, ".."));
    }
}
