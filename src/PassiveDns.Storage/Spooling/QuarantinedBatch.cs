namespace PassiveDns.Storage.Spooling;

/// <summary>A file of a quarantine.</summary>
/// <param name="File">The name of the file, without its folder.</param>
/// <param name="Bytes">Its octets.</param>
/// <param name="Reason">Why the batch is there; empty if the file cannot be read.</param>
/// <param name="Batch">The batch, or <c>null</c> if the file is damaged.</param>
public sealed record QuarantinedBatch(string File, long Bytes, string Reason, ObservationBatch? Batch);
