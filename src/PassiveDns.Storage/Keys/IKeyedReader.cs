namespace PassiveDns.Storage.Keys;

/// <summary>A reader over the shared key layout (see <see cref="ObservationKeys"/>): what can be merged with others of its kind key by key.</summary>
public interface IKeyedReader : IObservationReader
{
    /// <summary>The silence that separates two intervals of a row.</summary>
    TimeSpan IntervalGap { get; }

    /// <summary>Takes a snapshot; the caller disposes it.</summary>
    /// <exception cref="ObjectDisposedException">The reader is closed.</exception>
    IKeyedSnapshot OpenSnapshot();
}
