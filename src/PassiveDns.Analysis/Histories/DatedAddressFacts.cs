namespace PassiveDns.Analysis;

/// <summary>What was known of an address as of a time.</summary>
/// <param name="From">From when on the address is known to have had these facts, in Unix seconds: the sighting they were looked up for.</param>
/// <param name="Facts">The facts.</param>
public readonly record struct DatedAddressFacts(long From, AddressFacts Facts);
