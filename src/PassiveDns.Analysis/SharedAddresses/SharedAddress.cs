namespace PassiveDns.Analysis;

/// <summary>An address that two names had at the same time.</summary>
/// <param name="Address">The address.</param>
/// <param name="Days">On how many days (UTC) both had it.</param>
/// <param name="Degree">How widely the address is used.</param>
public readonly record struct SharedAddress(HostAddress Address, long Days, Degree Degree);
