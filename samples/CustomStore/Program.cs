// A store of one's own over SQLite, and the conformance kit that tells whether it does all that a store must.
//
//     dotnet run --project samples/CustomStore
//
// docs/write-a-store.md explains it.

using CustomStore;
using PassiveDns.Storage.Conformance;

int passed = 0, skipped = 0, failed = 0;
await foreach (ConformanceResult result in StoreConformance.RunAsync(() => new SqliteFixture()))
{
    if (result.Outcome == ConformanceOutcome.Passed) passed++;
    else if (result.Outcome == ConformanceOutcome.Skipped) skipped++; // a capability that this store does not offer
    else failed++;
    if (result.Outcome == ConformanceOutcome.Failed) Console.WriteLine(result);
}

Console.WriteLine($"{passed} passed, {skipped} skipped, {failed} failed");
return failed == 0 ? 0 : 1;
