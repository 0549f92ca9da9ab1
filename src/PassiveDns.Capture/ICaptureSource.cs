namespace PassiveDns.Capture;

/// <summary>
/// Where responses of authoritative servers come from: a file, an interface, a socket. This is the extension point for sources of your own.
/// </summary>
/// <remarks>
/// A source is the privacy gate. It hands on only what an authoritative server said to a resolver in answer to the resolver's own query;
/// everything else it refuses and counts. One caller reads at a time.
/// </remarks>
public interface ICaptureSource : IAsyncDisposable
{
    /// <summary>A name for summaries and logs, such as a file name or an interface. It never holds an address.</summary>
    string Name { get; }

    /// <summary>Appends responses to a batch until it is full, the source has none for now, or it ends.</summary>
    /// <param name="batch">The caller's batch, which the caller has cleared.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; what was appended so far stays in the batch. A source of live traffic then listens no more: this call and further ones, made with the
    /// same cancelled token, hand on what it had received before, until it returns <c>false</c>. A source that can be read again from its start throws.
    /// </param>
    /// <returns><c>false</c> once the source has ended and nothing more will come; the batch may still hold responses then.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled, and the source has nothing that would be lost.</exception>
    /// <exception cref="IOException">The medium failed. Damaged content is no exception: see <see cref="CaptureReport.Damage"/>.</exception>
    ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default);

    /// <summary>What came in so far and what became of it. May be called from another thread while a read is under way.</summary>
    CaptureReport GetReport();
}
