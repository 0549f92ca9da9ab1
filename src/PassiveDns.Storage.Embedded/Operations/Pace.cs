using System.Diagnostics;

namespace PassiveDns.Storage.Embedded.Operations;

/// <summary>Keeps work on files to a number of octets a second, and tells how far it has come. For one thread.</summary>
/// <param name="total">Octets in all.</param>
/// <param name="options">Throttle and progress.</param>
internal sealed class Pace(long total, CompactionOptions? options)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _reported;

    /// <summary>Tells what was done, and waits if that was more than may be by now.</summary>
    /// <param name="done">Octets of the input that were read.</param>
    /// <param name="moved">Octets read and written.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public void Keep(long done, long moved, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (done != _reported)
        {
            _reported = done;
            options?.Progress?.Report(new(done, Math.Max(done, total)));
        }

        if (options?.BytesPerSecond is not { } most) return;
        TimeSpan due = TimeSpan.FromSeconds((double)moved / most);
        TimeSpan wait = due - Stopwatch.GetElapsedTime(_started);
        if (wait > TimeSpan.Zero && cancellationToken.WaitHandle.WaitOne(wait)) cancellationToken.ThrowIfCancellationRequested();
    }
}
