using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using PassiveDns.Storage.Batches;

namespace PassiveDns.Storage.Spooling;

/// <summary>
/// A queue of batches on the disk, between whoever makes them and a store that may be down or slow. What <see cref="AppendAsync"/> took survives the
/// process and a loss of power, and comes out again in order with the same <see cref="BatchId"/>s, so that a store counts it once.
/// </summary>
/// <remarks>
/// <para>The directory holds segment files to which records are appended. Each record is forced to the disk before it counts as taken. A file is deleted when
/// the store has all of its batches; until then a new process delivers them again, and the store knows those that it has. So no position is kept anywhere.</para>
/// <para>A write that was cut off by the end of a process is found by its checksum and cut away. Damage in the middle of a file is passed over, counted and told
/// with its offset; the file is then kept under the ending <c>.damaged</c>, which does not count to the bound.</para>
/// <para>One thread at a time may append and one at a time may read; the two may differ. <see cref="GetReport"/> may be called from any.</para>
/// </remarks>
public sealed partial class BatchSpool : IDisposable
{
    private const string Extension = ".spool";
    private const string DamagedExtension = ".damaged";
    private const int MaxToldDamage = 100;

    private readonly Lock _state = new();
    private readonly BatchSpoolOptions _options;
    private readonly FileStream _ownership;
    private readonly LinkedList<SpoolSegment> _segments = [];
    private readonly List<SpoolDamage> _damage = [];
    private readonly Channel<bool> _appended = CreateSignal();
    private readonly Channel<bool> _released = CreateSignal();
    private FileStream? _writing;
    private ulong _salt;
    private bool _isAppending;
    private SegmentReader? _reading;
    private ObservationBatch? _current;
    private long _nextNumber = 1;
    private SpoolReport _report = new();

    private BatchSpool(BatchSpoolOptions options, FileStream ownership)
    {
        _options = options;
        _ownership = ownership;
    }

    /// <summary>Opens a spool and makes its directory if there is none. All that an earlier process left in it is read and checked once.</summary>
    /// <param name="options">Where it lies and how large it may grow.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="IOException">Another process uses the directory, it cannot be used, or a file in it is of a newer version.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory must not be used.</exception>
    public static BatchSpool Open(BatchSpoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Directory.CreateDirectory(options.Directory);
        BatchSpool spool = new(options, TakeOwnership(options.Directory));
        try
        {
            spool.Recover();
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>The account of the spool. May be called from any thread.</summary>
    public SpoolReport GetReport()
    {
        lock (_state) return _report with { Damage = [.. _damage] };
    }

    /// <summary>Takes a batch; when the call returns, it is on the disk.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="hurry">
    /// Ends waiting for room. The batch is then taken although the spool is full: a process that ends has no other place for it.
    /// </param>
    /// <returns><c>false</c> if the spool was full and the batch was dropped, as <see cref="BatchSpoolOptions.WhenFull"/> says.</returns>
    /// <exception cref="ArgumentException">The batch has more than 128 MiB.</exception>
    /// <exception cref="IOException">The disk failed or is full; the batch is not in the spool.</exception>
    public async ValueTask<bool> AppendAsync(ObservationBatch batch, CancellationToken hurry = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long length = BatchRecord.LengthOf(batch);
        while (!hurry.IsCancellationRequested && !HasRoom(length))
        {
            if (_options.WhenFull == SpoolFullMode.DropNewest)
            {
                lock (_state) _report = _report with { DroppedBatches = _report.DroppedBatches + 1, DroppedRows = _report.DroppedRows + batch.Rows.Count };
                return false;
            }

            await WaitAsync(_released, hurry).ConfigureAwait(false);
        }

        Append(batch);
        return true;
    }

    /// <summary>Reads the oldest batch that has not been acknowledged: the same one until then.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns><c>false</c> if there is none.</returns>
    /// <exception cref="IOException">The disk failed.</exception>
    public bool TryRead([NotNullWhen(true)] out ObservationBatch? batch)
    {
        while (_current is null && TryStep())
        {
        }

        batch = _current;
        return batch is not null;
    }

    /// <summary>Waits until there is a batch to read.</summary>
    /// <param name="cancellationToken">Ends the wait; that is no error.</param>
    public async ValueTask WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            lock (_state)
            {
                if (_report.PendingBatches > 0) return;
            }

            await WaitAsync(_appended, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The batch that was read last is stored: it leaves the spool.</summary>
    /// <exception cref="InvalidOperationException">No batch was read.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Acknowledge()
    {
        ObservationBatch batch = _current ?? throw new InvalidOperationException("No batch was read: call TryRead first.");
        _current = null;
        lock (_state) CountPending(_segments.First!.Value, -1, -batch.Rows.Count);

        // The file that held it goes at once if there is nothing else in it, so that a spool that keeps up is an empty directory.
        TryStep(onlyRelease: true);
        _released.Writer.TryWrite(true);
    }

    /// <summary>Closes the spool. What was not acknowledged stays for the next process.</summary>
    public void Dispose()
    {
        _reading?.Dispose();
        _writing?.Dispose();
        _ownership.Dispose();
    }

    private static Channel<bool> CreateSignal() => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Waits for a signal, which is only a hint to look again.</summary>
    private static async ValueTask WaitAsync(Channel<bool> signal, CancellationToken cancellationToken)
    {
        try
        {
            await signal.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the caller looks at its token
        }
    }

    private bool HasRoom(long length)
    {
        lock (_state) return _report.PendingBatches == 0 || _report.Bytes + length + BatchFrame.FileLength <= _options.MaxBytes;
    }

    private void CountPending(SpoolSegment segment, long batches, long rows)
    {
        segment.PendingBatches += batches;
        segment.PendingRows += rows;
        _report = _report with { PendingBatches = _report.PendingBatches + batches, PendingRows = _report.PendingRows + rows };
    }
}
