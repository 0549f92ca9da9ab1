using PassiveDns.Capture;

namespace PassiveDns.Tool.Input;

/// <summary>The sources of one run, closed together.</summary>
/// <param name="all">The sources, one or more.</param>
internal sealed class OpenSources(IReadOnlyList<ICaptureSource> all) : IAsyncDisposable
{
    /// <summary>The sources.</summary>
    public IReadOnlyList<ICaptureSource> All { get; } = all;

    /// <summary>What they are called together.</summary>
    public string Name => string.Join(", ", All.Select(source => source.Name));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ICaptureSource source in All) await source.DisposeAsync();
    }
}
