namespace PassiveDns.Analysis;

/// <summary>An answer that is made while it is read, item by item, and says at its end how complete it was.</summary>
/// <typeparam name="T">What the answer consists of.</typeparam>
public sealed class AnswerStream<T> : IAsyncEnumerable<T>
{
    private readonly Func<EvidenceReader, CancellationToken, IAsyncEnumerable<T>> _walk;
    private readonly Func<EvidenceReader> _open;
    private AnswerFacts? _facts;

    internal AnswerStream(Func<EvidenceReader> open, Func<EvidenceReader, CancellationToken, IAsyncEnumerable<T>> walk)
    {
        _open = open;
        _walk = walk;
    }

    /// <summary>What the answer says about itself: of the walk that ended last.</summary>
    /// <exception cref="InvalidOperationException">No walk has come to its end yet.</exception>
    public AnswerFacts Facts => _facts ?? throw new InvalidOperationException("An answer knows how complete it is when it has been read to its end: enumerate it first.");

    /// <inheritdoc/>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        EvidenceReader reader = _open();
        await foreach (T item in _walk(reader, cancellationToken).ConfigureAwait(false)) yield return item;
        _facts = await reader.GetFactsAsync(cancellationToken).ConfigureAwait(false);
    }
}
