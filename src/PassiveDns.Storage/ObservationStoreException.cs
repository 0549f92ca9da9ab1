namespace PassiveDns.Storage;

/// <summary>A store failed: its directory is locked, foreign or damaged, or its medium does not answer. The message names the store and the mend.</summary>
/// <param name="message">One line: store, problem, mend.</param>
/// <param name="isTransient">Whether the same call may succeed later.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class ObservationStoreException(string message, bool isTransient = false, Exception? innerException = null) : IOException(message, innerException)
{
    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;
}
