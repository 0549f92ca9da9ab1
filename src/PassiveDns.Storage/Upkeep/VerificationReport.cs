namespace PassiveDns.Storage;

/// <summary>What a verification found.</summary>
/// <param name="Files">The files, in the order in which they were read.</param>
public sealed record VerificationReport(IReadOnlyList<VerifiedFile> Files)
{
    /// <summary>Whether nothing is damaged and nothing is missing.</summary>
    public bool IsSound => Files.All(file => file.Damages.Count == 0);

    /// <summary>Octets of all files.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);
}
