using System.Globalization;

namespace PassiveDns;

public sealed partial class ZoneSnapshot
{
    // Changes whenever the same input begins to give other batches: then an id must not be mistaken for one of before.
    private const string Law = "PassiveDns zone snapshot 1";

    /// <summary>
    /// Computes an epoch: the first 64 bits of a SHA-256 over the octets of a file and all that decides which batches come out of it. The same
    /// snapshot, imported again by the same sensor, then has the same ids, and a store counts it once.
    /// </summary>
    /// <param name="content">The file as it is stored, packed or not; it is read to its end.</param>
    /// <param name="zone">The apex of the zone.</param>
    /// <param name="options">How it will be imported; <see cref="ZoneSnapshotOptions.Sensor"/> and <see cref="ZoneSnapshotOptions.Epoch"/> do not matter.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async ValueTask<ulong> ComputeEpochAsync(
        Stream content, DomainName zone, ZoneSnapshotOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(options);
        string law = string.Create(
            CultureInfo.InvariantCulture, $"{Law}\n{zone}\n{options.Time}\n{options.MaxRowsPerBatch}\n{options.MemoryBudget}\n{options.MaxRrsetRecords}\n");
        return await ContentEpoch.ComputeAsync(content, law, cancellationToken).ConfigureAwait(false);
    }
}
