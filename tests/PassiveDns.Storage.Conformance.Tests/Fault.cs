namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>A broken store.</summary>
/// <param name="Create">Makes a fixture for it.</param>
/// <param name="About">The cases that must notice.</param>
/// <param name="IsTried">Which cases can notice at all: the others cost time and cannot fail.</param>
internal sealed record Fault(Func<StoreFixture> Create, string[] About, Func<ConformanceCase, bool> IsTried);
