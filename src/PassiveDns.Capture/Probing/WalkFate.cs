namespace PassiveDns.Capture;

/// <summary>What became of a walk from the root to the answer for one name. The names are the words of the account.</summary>
internal enum WalkFate : byte
{
    /// <summary>A server of the zone answered, also if it said that there is nothing.</summary>
    Answered,

    /// <summary>No server of some zone on the way gave an answer.</summary>
    NoServerAnswered,

    /// <summary>The name servers of a zone on the way have no address that can be found.</summary>
    NoAddressOfServers,

    /// <summary>Too many steps, aliases or questions: a loop, or a maze made on purpose.</summary>
    Limit,
}
