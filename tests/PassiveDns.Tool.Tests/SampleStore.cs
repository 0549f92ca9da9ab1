namespace PassiveDns.Tool.Tests;

/// <summary>The sample capture, imported once for all tests that ask.</summary>
public sealed class SampleStore : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    public string Store => _directory.At("store");

    /// <summary>The import's account.</summary>
    public ToolRun Import { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Import = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(Store), "--json"]);
        Assert.True(Import.ExitCode == 0, Import.Error);
    }

    /// <summary>Asks the store.</summary>
    public Task<ToolRun> AskAsync(params string[] arguments) => ToolRun.InProcessAsync([.. arguments, "--store", Store]);

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
