using System.Runtime.CompilerServices;

namespace PassiveDns.Storage.Conformance;

/// <summary>All that a store must do.</summary>
public static class StoreConformance
{
    /// <summary>Every case, area by area. For a test framework's table of cases; give each its own fixture.</summary>
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
        [.. CaseRun.Writing, .. CaseRun.Folding, .. CaseRun.Durability, .. CaseRun.Anchors, .. CaseRun.Filters, .. CaseRun.Paging,
            .. CaseRun.Model, .. CaseRun.Deletions, .. CaseRun.Retention, .. CaseRun.Summaries, .. CaseRun.Backups];

    /// <summary>Tries every case, one after the other. For programs without a test framework.</summary>
    /// <param name="createFixture">Makes a fixture for each case; it is disposed after it.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>How each case ended, as it ends. A store that throws what it may not throw has failed the case.</returns>
    public static async IAsyncEnumerable<ConformanceResult> RunAsync(
        Func<StoreFixture> createFixture, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(createFixture);
        foreach (ConformanceCase next in Cases)
        {
            cancellationToken.ThrowIfCancellationRequested();
            StoreFixture fixture = createFixture();
            await using (fixture.ConfigureAwait(false))
            {
                yield return await TryAsync(next, fixture, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<ConformanceResult> TryAsync(ConformanceCase next, StoreFixture fixture, CancellationToken cancellationToken)
    {
        try
        {
            return await next.RunAsync(fixture, cancellationToken).ConfigureAwait(false)
                ? new(next, ConformanceOutcome.Passed)
                : new(next, ConformanceOutcome.Skipped, next.NeedsDurability && !fixture.IsDurable ? "the store is not durable" : $"the store does not offer {next.Capability?.Name}");
        }
        catch (ConformanceException e)
        {
            return new(next, ConformanceOutcome.Failed, e.Detail);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever escapes from a store under test is a finding about this store, and the other cases are still worth trying.
            return new(next, ConformanceOutcome.Failed, e.ToString());
        }
    }
}
