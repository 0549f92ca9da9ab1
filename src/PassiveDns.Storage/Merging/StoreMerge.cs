using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PassiveDns.Storage.Merging;

/// <summary>
/// Copies what another store knows into a store, as batches whose ids come from the content: every row with its key, its intervals, its TTLs and its
/// witnesses. The same source, merged again, counts once.
/// </summary>
/// <remarks>
/// Counts are sums. A source that has grown since it was merged would therefore count twice what it had before, and is refused: see
/// <see cref="CheckAsync"/>. To read several stores as one without copying, use <see cref="MergingReader"/>.
/// </remarks>
public sealed class StoreMerge
{
    /// <summary>What stands on a batch in a batch file if it came from a whole store (see <see cref="Batches.BatchFileReader.Note"/>).</summary>
    public const string Note = "store";

    private const string Law = "PassiveDns store merge 1";
    private const int MaxRowsPerBatch = 50_000;
    private const int MaxBatchOctets = 64 << 20;

    private static readonly ObservationQuery s_everything = new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All };

    private readonly IObservationReader _source;
    private readonly SensorId _sensor;

    private StoreMerge(IObservationReader source, SensorId sensor, ulong epoch, long rows)
    {
        _source = source;
        _sensor = sensor;
        Epoch = epoch;
        TotalRows = rows;
    }

    /// <summary>The epoch of the batches' ids: a digest of all rows of the source.</summary>
    public ulong Epoch { get; }

    /// <summary>The rows of the source.</summary>
    public long TotalRows { get; }

    /// <summary>Reads the source once to know its digest, and asks the target whether it may be merged.</summary>
    /// <param name="source">The source. It must not change until it has been merged.</param>
    /// <param name="target">The store into which it shall go.</param>
    /// <param name="sensor">A name for the source among those who delivered to the target; each source needs one of its own.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidOperationException">This sensor has delivered something else to the target: the source has changed since, or the name is taken.</exception>
    /// <exception cref="ObservationStoreException">A store failed.</exception>
    public static async ValueTask<StoreMerge> OpenAsync(
        IObservationReader source, IObservationStore target, SensorId sensor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        StoreMerge merge = await OpenAsync(source, sensor, cancellationToken).ConfigureAwait(false);
        await CheckAsync(target, sensor, merge.Epoch, cancellationToken).ConfigureAwait(false);
        return merge;
    }

    /// <summary>Reads the source once to know its digest, where no target is at hand yet: for a file of batches.</summary>
    /// <param name="source">The source. It must not change until it has been read.</param>
    /// <param name="sensor">A name for the source among those who deliver to the store into which the file will go.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ObservationStoreException">The store failed.</exception>
    public static async ValueTask<StoreMerge> OpenAsync(IObservationReader source, SensorId sensor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Law}\n{MaxRowsPerBatch}\n{MaxBatchOctets}\n")));
        long rows = 0;
        await foreach (RecordPage page in source.ReadAsync(s_everything, cancellationToken).ConfigureAwait(false))
        {
            hash.AppendData(page.Rows.Packed);
            rows += page.Rows.Count;
        }

        ulong epoch = BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset());
        return new(source, sensor, epoch, rows);
    }

    /// <summary>Asks a store whether it may take the batches of a whole store.</summary>
    /// <param name="target">The store.</param>
    /// <param name="sensor">The name of the source.</param>
    /// <param name="epoch">The epoch of the batches.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="InvalidOperationException">This sensor has delivered something else to the target: the source has changed since, or the name is taken.</exception>
    public static async ValueTask CheckAsync(IObservationStore target, SensorId sensor, ulong epoch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (await target.GetLastBatchAsync(sensor, cancellationToken).ConfigureAwait(false) is { } last && last.Epoch != epoch)
        {
            throw new InvalidOperationException(
                $"Sensor {sensor} has delivered something else to this store: either the source has grown since it was merged, and what it had then would count twice, "
                + "or the name is taken. Name each source of its own; merge a source that has grown into a new store.");
        }
    }

    /// <summary>Makes the batches, in key order; the same source gives the same ones.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidOperationException">The source has changed since it was opened.</exception>
    public async IAsyncEnumerable<ObservationBatch> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ulong sequence = 0;
        long total = 0;
        ObservationRows rows = new(1 << 16);
        await foreach (RecordPage page in _source.ReadAsync(s_everything, cancellationToken).ConfigureAwait(false))
        {
            int taken = 0;
            while (taken < page.Rows.Count)
            {
                taken = Append(page.Rows, taken, rows);
                if (!IsFull(rows)) continue;
                total += rows.Count;
                yield return new(new(_sensor, Epoch, ++sequence), rows);
                rows = new(rows.Packed.Length);
            }
        }

        total += rows.Count;
        if (rows.Count > 0) yield return new(new(_sensor, Epoch, ++sequence), rows);
        if (total != TotalRows) throw new InvalidOperationException("The source changed while it was merged; open it so that it stays as it is, such as read-only.");
    }

    private static bool IsFull(ObservationRows rows) => rows.Count >= MaxRowsPerBatch || rows.Packed.Length >= MaxBatchOctets;

    private static int Append(ObservationRows from, int skip, ObservationRows to)
    {
        int index = 0;
        foreach (ObservationRow row in from)
        {
            if (index++ < skip) continue;
            to.Add(row);
            if (IsFull(to)) break;
        }

        return index;
    }
}
