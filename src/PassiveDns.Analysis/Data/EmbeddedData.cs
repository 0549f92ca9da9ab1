using System.IO.Compression;
using System.Text;

namespace PassiveDns.Analysis;

/// <summary>The data files that the assembly carries. Where they come from and under which licences stands in THIRD-PARTY-NOTICES.txt.</summary>
internal static class EmbeddedData
{
    /// <summary>Opens a file, unpacked.</summary>
    public static StreamReader Open(string name)
    {
        Stream stream = typeof(EmbeddedData).Assembly.GetManifestResourceStream($"PassiveDns.Analysis.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is missing: the assembly was built without its data.");
        return new(name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream, Encoding.UTF8);
    }
}
