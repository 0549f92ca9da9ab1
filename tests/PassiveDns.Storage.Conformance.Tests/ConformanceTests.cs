using System.Collections.Concurrent;

namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>The store in memory is the reference: it passes every case. And the kit itself: a store with a fault fails, and says why.</summary>
public sealed class ConformanceTests
{
    // Each broken store is tried once, however many tests look at what it failed.
    private static readonly ConcurrentDictionary<string, Lazy<Task<List<string>>>> s_failed = new();

    public static TheoryData<string> Case_ids => [.. StoreConformance.Cases.Select(c => c.Id)];

    public static TheoryData<string> Fault_names => [.. Faults.All.Keys];

    [Theory]
    [MemberData(nameof(Case_ids))]
    public async Task The_store_in_memory_conforms(string id)
    {
        ConformanceCase one = StoreConformance.Cases.Single(c => c.Id == id);
        StoreFixture fixture = one.NeedsDurability || one.Capability == typeof(IStoreBackup) ? new DurableFixture() : new MemoryFixture();
        Assert.True(await one.RunAsync(fixture, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Cases_have_names_of_their_own()
    {
        Assert.Equal(StoreConformance.Cases.Count, StoreConformance.Cases.Select(c => c.Id).Distinct().Count());
        Assert.All(StoreConformance.Cases, c => Assert.Equal($"{c.Area}/", c.Id[..(c.Area.Length + 1)]));
    }

    [Theory]
    [MemberData(nameof(Fault_names))]
    public async Task A_store_with_one_fault_fails_the_cases_that_are_about_it(string name)
    {
        List<string> failed = await FailedBy(name);
        Assert.All(Faults.All[name].About, id => Assert.Contains(failed, f => f == id || f.StartsWith(id + ".", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task No_case_is_passed_by_every_broken_store()
    {
        HashSet<string> failed = [];
        foreach (string fault in Faults.All.Keys) failed.UnionWith(await FailedBy(fault));
        Assert.Empty(StoreConformance.Cases.Select(c => c.Id).Except(failed));
    }

    [Fact]
    public async Task A_program_hears_of_passed_failed_and_skipped_cases()
    {
        List<ConformanceResult> results = [];
        await foreach (ConformanceResult result in StoreConformance.RunAsync(() => new MemoryFixture(s => new NeverCloses(s)), TestContext.Current.CancellationToken)) results.Add(result);
        Assert.Equal(StoreConformance.Cases, results.Select(r => r.Case));
        ConformanceResult failed = Assert.Single(results, r => r.Outcome == ConformanceOutcome.Failed);
        Assert.Equal("writing/a-closed-store-says-so", failed.Case.Id);
        Assert.Contains("nothing was thrown", failed.Detail, StringComparison.Ordinal);
        Assert.All(results, r => Assert.Equal(r.Case.NeedsDurability || r.Case.Capability is not null, r.Outcome == ConformanceOutcome.Skipped));
    }

    private static Task<List<string>> FailedBy(string fault) =>
        s_failed.GetOrAdd(fault, f => new(() => FailedBy(Faults.All[f]))).Value;

    private static async Task<List<string>> FailedBy(Fault fault)
    {
        List<string> failed = [];
        foreach (ConformanceCase one in StoreConformance.Cases.Where(fault.IsTried))
        {
            await using StoreFixture fixture = fault.Create();
            try
            {
                await one.RunAsync(fixture, TestContext.Current.CancellationToken);
            }
            catch (Exception) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                failed.Add(one.Id); // whatever escapes from a broken store is a finding about it
            }
        }

        return failed;
    }
}
