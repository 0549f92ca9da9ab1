namespace PassiveDns.Analysis;

/// <summary>Who used a piece of infrastructure, registrable domain by registrable domain.</summary>
internal sealed class InfrastructureProfile
{
    /// <summary>When it was first seen in this use, or <c>null</c> if never.</summary>
    public long? FirstSeen { get; private set; }

    /// <summary>Whether it has more users than were read.</summary>
    public bool IsCut { get; set; }

    /// <summary>The users.</summary>
    public Dictionary<DomainName, User> Users { get; } = [];

    /// <summary>Takes a row that leads to it.</summary>
    public void Add(Observation row, DomainName domain, bool isSensitive)
    {
        (long first, long last) = (row.History.FirstSeen, row.History.LastSeen);
        FirstSeen = Math.Min(FirstSeen ?? first, first);
        if (!Users.TryGetValue(domain, out User? user))
        {
            Users.Add(domain, new(new(first, last), row, isSensitive));
            return;
        }

        user.Time = new(Math.Min(user.Time.First, first), Math.Max(user.Time.Last, last));
        if (isSensitive && !user.IsSensitive) (user.Row, user.IsSensitive) = (row, true);
    }

    /// <summary>A registrable domain that used it.</summary>
    internal sealed class User(TimeStretch time, Observation row, bool isSensitive)
    {
        /// <summary>From its first to its last sighting, over all names of the domain.</summary>
        public TimeStretch Time { get; set; } = time;

        /// <summary>One of the rows: of a name that logins or mail go to if there is one.</summary>
        public Observation Row { get; set; } = row;

        public bool IsSensitive { get; set; } = isSensitive;
    }
}
