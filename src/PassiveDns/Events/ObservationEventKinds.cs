namespace PassiveDns.Events;

/// <summary>What is new about a row when it comes to a store. The first five are the flags of newly observed domains as others publish them (new_domain, new_rrname, new_rrtype, new_rr, new_rrset).</summary>
[Flags]
public enum ObservationEventKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The store knew no name at or under the registrable domain.</summary>
    NewDomain = 1,

    /// <summary>The store knew nothing of the owner name: a newly observed host.</summary>
    NewName = 2,

    /// <summary>The store knew no RRset of this type at the owner name.</summary>
    NewType = 4,

    /// <summary>At least one record of the set stood in no set that the store knew at this name and type.</summary>
    NewRecord = 8,

    /// <summary>The store did not know the set at this name and type, in whatever bailiwick.</summary>
    NewRrset = 16,

    /// <summary>The parent zone delegates the name to other name servers than it did when the store last heard of it. A return to servers of before is a change too.</summary>
    DelegationChanged = 32,

    /// <summary>The row was written, new or not: for watch lists that want to hear of every sighting.</summary>
    Sighting = 64,

    /// <summary>All that is new or changed, without mere sightings.</summary>
    AllNews = NewDomain | NewName | NewType | NewRecord | NewRrset | DelegationChanged,
}
