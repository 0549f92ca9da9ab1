namespace PassiveDns.Storage.Keys;

/// <summary>The ordered maps that a store keeps. The numbers are part of continuation tokens and never change.</summary>
public enum Keyspace : byte
{
    /// <summary>RRset rows of all types but those of DNSSEC by owner name: what names hold, with everything under a name in one range.</summary>
    Rrsets = 1,

    /// <summary>Single A and AAAA records by address: which names share an address or a range.</summary>
    Addresses = 2,

    /// <summary>Single records by the name that they point to.</summary>
    Targets = 3,

    /// <summary>Single records of the other types by type and rdata.</summary>
    Rdata = 4,

    /// <summary>Packed rdata sets too long for a key, by digest. Written once, never merged.</summary>
    Sets = 5,

    /// <summary>RRset rows of the DNSSEC types by owner name, apart from <see cref="Rrsets"/>: signatures change often and few ask for them.</summary>
    Dnssec = 6,
}
