namespace PassiveDns;

/// <summary>
/// What makes a batch count once however often it is delivered: counts are sums, so a store applies an id at most once, atomically with the data.
/// </summary>
/// <param name="Sensor">The sensor that made the batch.</param>
/// <param name="Epoch">The run of the sensor: a start time, or a digest of the input when the same input must give the same ids.</param>
/// <param name="Sequence">Counts the batches of an epoch from 1, without holes.</param>
public readonly record struct BatchId(SensorId Sensor, ulong Epoch, ulong Sequence)
{
    /// <summary>The id as <c>sensor:epoch:sequence</c>, the epoch in hexadecimal.</summary>
    public override string ToString() => $"{Sensor}:{Epoch:x16}:{Sequence}";
}
