namespace PassiveDns.Capture;

/// <summary>A packet that something waits for, by its number and time.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="UnixNanoseconds">When it was captured.</param>
internal readonly record struct PendingPacket(long Number, long UnixNanoseconds);
