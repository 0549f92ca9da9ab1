namespace PassiveDns.Capture;

/// <summary>Files packed with gzip or Zstandard: their content, told by the first octets and not by the name.</summary>
public static class PackedContent
{
    /// <summary>Unpacks a file if it is packed.</summary>
    /// <param name="packed">The file at its start; it need not be seekable. It is left open.</param>
    /// <param name="name">What it is called, for messages.</param>
    /// <returns>Its content. Reading throws <see cref="InvalidDataException"/> where packed content is damaged or cut off.</returns>
    /// <exception cref="CaptureFileException">It is packed in a way that is not supported.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Stream Unpack(Stream packed, string name)
    {
        ArgumentNullException.ThrowIfNull(packed);
        byte[] start = new byte[8];
        int length = packed.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        string? packing = FilePacking.Detect(start.AsSpan(0, length), out string? refusal);
        if (refusal is not null) throw new CaptureFileException($"{name}: {refusal}.");
        PrefixedStream whole = new(start[..length], packed);
        return packing switch
        {
            null => whole,
            "gzip" => WholeGzip.Unpack(whole), // text that is cut off may look whole, so that the packing must tell
            _ => new UnpackedStream(FilePacking.Unpack(packing, whole), packing),
        };
    }
}
