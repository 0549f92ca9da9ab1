using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PassiveDns;

/// <summary>Epochs of <see cref="BatchId"/>s for input that can be read again: the same content then has the same ids, and a store counts it once.</summary>
public static class ContentEpoch
{
    /// <summary>Computes the first 64 bits of a SHA-256 over a law and the octets of a file.</summary>
    /// <param name="content">The file as it is stored, packed or not; it is read to its end.</param>
    /// <param name="law">All else that decides which batches come out of it: the version of the code that makes them, and its options.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async ValueTask<ulong> ComputeAsync(Stream content, string law, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(law);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(law));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0) hash.AppendData(buffer.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset());
    }
}
