namespace PassiveDns;

/// <summary>
/// Ends the run when the service provider is disposed while it goes on. A provider disposes what it made last first, so this is made right after
/// the store: the run has ended, and written what it had to, before the store goes.
/// </summary>
internal sealed class PipelineEnd(PipelineRun run) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public CancellationToken Stop => _stop.Token;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await ((Task)run.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
