namespace PassiveDns.Capture.Live.Tests;

/// <summary>Tests that need a network of their own and a quiet process: nothing runs beside them.</summary>
[CollectionDefinition("network", DisableParallelization = true)]
public sealed class NetworkCollection;
