namespace PassiveDns.Analysis;

/// <summary>Tells prefix, AS and country of an address as of a time. An extension point: bring a routing table, a MaxMind database, or a service of yours.</summary>
public interface IAddressEnrichment
{
    /// <summary>Looks an address up. Called often, and by several tasks at once.</summary>
    /// <param name="address">The address.</param>
    /// <param name="unixSeconds">The time that the facts should hold for.</param>
    /// <returns><c>null</c> if nothing is known for that time.</returns>
    AddressFacts? Find(HostAddress address, long unixSeconds);
}
