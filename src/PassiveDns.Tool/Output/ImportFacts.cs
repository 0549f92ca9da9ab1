namespace PassiveDns.Tool.Output;

/// <summary>What was imported, for the summary.</summary>
/// <param name="Files">The files.</param>
/// <param name="Sensor">The sensor.</param>
/// <param name="Epoch">The epoch of its batches.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record ImportFacts(IReadOnlyList<string> Files, SensorId Sensor, ulong Epoch, TimeSpan Elapsed);
