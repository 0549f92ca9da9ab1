namespace PassiveDns.Tool.Output;

/// <summary>What was read, for the summary.</summary>
/// <param name="Kind">What the inputs are: <c>files</c> or <c>sources</c>.</param>
/// <param name="Inputs">Their names.</param>
/// <param name="Sensor">The sensor.</param>
/// <param name="Epoch">The epoch of its batches.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="IsComplete">Whether it came to its own end: that of the files, or of the time that was asked for.</param>
internal sealed record RunFacts(string Kind, IReadOnlyList<string> Inputs, SensorId Sensor, ulong Epoch, TimeSpan Elapsed, bool IsComplete);
