namespace PassiveDns.Capture;

/// <summary>Whether a response of a resolver's dnstap needs the query that it answers.</summary>
public enum DnstapPairing
{
    /// <summary>
    /// Where the resolver logs its queries too: as soon as a stream has shown one, its responses need theirs. Of a resolver that logs only responses
    /// they are taken as they are, and the summary says so. The default.
    /// </summary>
    WhereQueriesAreLogged,

    /// <summary>Always: responses without a query are refused, also those of a resolver that logs no queries.</summary>
    Always,
}
