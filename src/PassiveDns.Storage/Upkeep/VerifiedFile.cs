namespace PassiveDns.Storage;

/// <summary>What a verification found in one file.</summary>
/// <param name="Name">The file's name in the store's directory.</param>
/// <param name="Bytes">Its octets.</param>
/// <param name="Checksums">How many parts with a checksum of their own were read and found sound.</param>
/// <param name="Damages">What is damaged, one line each with the offset and what is lost by it; empty for a sound file.</param>
public sealed record VerifiedFile(string Name, long Bytes, long Checksums, IReadOnlyList<string> Damages);
