namespace PassiveDns.Capture;

/// <summary>
/// Holds questions back so that no server, and not all together, get more than their rate: one token bucket for each server and one for all. A bucket is
/// kept as the time at which it would be full again, so that nothing has to tick.
/// </summary>
internal sealed class QuestionPace(ProbeOptions options, TimeProvider clock)
{
    private const int MaxServers = 10_000;

    private readonly TimeSpan _perServer = TimeSpan.FromSeconds(1 / options.ServerQuestionsPerSecond);
    private readonly TimeSpan _inTotal = TimeSpan.FromSeconds(1 / options.TotalQuestionsPerSecond);
    private readonly Dictionary<HostAddress, DateTimeOffset> _full = [];
    private DateTimeOffset _allFull = DateTimeOffset.UnixEpoch;

    /// <summary>Waits until a question to a server may go out, and takes its tokens.</summary>
    public async ValueTask WaitAsync(HostAddress server, CancellationToken cancellationToken)
    {
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow();
            DateTimeOffset ownFull = _full.GetValueOrDefault(server, DateTimeOffset.UnixEpoch);
            DateTimeOffset due = Later(ownFull - _perServer * (options.Burst - 1), _allFull - _inTotal * (options.Burst - 1));
            if (due <= now)
            {
                if (_full.Count >= MaxServers) Prune(now);
                _full[server] = Later(ownFull, now) + _perServer;
                _allFull = Later(_allFull, now) + _inTotal;
                return;
            }

            await Task.Delay(due - now, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    // A bucket that is full again need not be remembered; the walk is sequential, so nearly all are.
    private void Prune(DateTimeOffset now)
    {
        foreach ((HostAddress server, DateTimeOffset full) in _full)
        {
            if (full <= now) _full.Remove(server);
        }
    }
}
