using System.ComponentModel.DataAnnotations;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Privacy;
using PassiveDns.Storage.Spooling;

namespace PassiveDns;

/// <summary>
/// The settings of <c>AddPassiveDns()</c>. All but <see cref="Vantage"/>.Resolvers bind from configuration; resolvers bind through
/// <see cref="Resolvers"/> or <see cref="ResolversFile"/>. They are checked when the host starts.
/// </summary>
public sealed class PassiveDnsOptions
{
    /// <summary>From where the traffic is seen, and how queries and responses are matched.</summary>
    public VantageOptions Vantage { get; } = new();

    /// <summary>How dnstap sockets and listeners, and PowerDNS listeners, deal with their senders.</summary>
    public DnstapListenerOptions DnstapListener { get; } = new();

    /// <summary>
    /// Addresses and networks (<c>192.0.2.53</c>, <c>2001:db8:53::/64</c>) of the resolvers whose questions to authoritative servers may be observed;
    /// they join those in <see cref="Vantage"/>.
    /// </summary>
    public IList<string> Resolvers { get; } = [];

    /// <summary>A file with more of them (see <see cref="ResolverList.Load"/>), or <c>null</c>.</summary>
    public string? ResolversFile { get; set; }

    /// <summary>The name of this sensor, 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>. Default <c>unnamed</c>.</summary>
    [RegularExpression("^[A-Za-z0-9._-]{1,64}$", ErrorMessage = "Sensor is no sensor name: give 1 to 64 letters, digits, dots, underscores or hyphens.")]
    [Required(ErrorMessage = "Sensor is empty: give 1 to 64 letters, digits, dots, underscores or hyphens.")]
    public string Sensor { get; set; } = "unnamed";

    /// <summary>
    /// The directory of the embedded store, made if it does not exist: the default store, for hosts that call no <c>Use...</c> method. Or <c>null</c>, the
    /// default: then one must be called. Nobody's observations are written to a place that nobody chose.
    /// </summary>
    public string? StoreDirectory { get; set; }

    /// <summary>How long sightings are summed before they are written, in the time of the data: one second to one year. Default one hour.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Octets that rows may take until they are written, 1 MiB or more. Default 256 MiB.</summary>
    public long MemoryBudget { get; set; } = 256L << 20;

    /// <summary>
    /// Whether names that are made up faster than anybody can use them (random subdomains, tunnels) are folded into one wildcard row for their parent, which
    /// says so. Default <c>true</c>. See <see cref="PassiveDns.Aggregation.FloodGuardOptions"/>.
    /// </summary>
    public bool FoldFloods { get; set; } = true;

    /// <summary>How many names below one parent with the same data, or denied, make a flood within a window: 16 or more. Default 10,000.</summary>
    public int FloodNamesWithSameData { get; set; } = 10_000;

    /// <summary>How many names below one parent make a flood whatever their data, <see cref="FloodNamesWithSameData"/> or more. Default 100,000.</summary>
    public int FloodNames { get; set; } = 100_000;

    /// <summary>Subtrees (<c>cdn.example</c>) where names are never folded, beside <c>in-addr.arpa</c> and <c>ip6.arpa</c>.</summary>
    public IList<string> NeverFold { get; } = [];

    /// <summary>
    /// How many sets of one owner and type are kept in a day; further ones are folded into their union, with each record still counted exactly. 16 or more, or 0
    /// for no cap. Default 1,024.
    /// </summary>
    public int MaxSetsPerDay { get; set; } = 1024;

    /// <summary>
    /// Whether an RRset is dropped in which a name is compressed in a type where RFC 3597 section 4 does not allow it; by default it is expanded and counted.
    /// </summary>
    public bool StrictCompression { get; set; }

    /// <summary>A file with the root servers where verification starts, in zone-file form, or <c>null</c> for the real ones.</summary>
    public string? RootHintsFile { get; set; }

    /// <summary>
    /// A file with what an earlier run has learnt of zones and their servers (<c>pdns import --save-delegations</c>), so that verification need not learn it again; or
    /// <c>null</c>. PowerDNS messages hold no delegations, so a sensor that has only those needs it.
    /// </summary>
    public string? DelegationsFile { get; set; }

    /// <summary>
    /// Whether <see cref="DelegationsFile"/> is also written, every ten minutes and when the run ends, so that a restarted sensor verifies from the start. It need
    /// not be there the first time. An import of files does not write it, since its batch ids depend on it. Default <c>false</c>.
    /// </summary>
    public bool KeepDelegations { get; set; }

    /// <summary>Whether RRsets that nothing supports are kept, apart from the others, as <see cref="Provenance.Unverified"/>. Default <c>true</c>.</summary>
    public bool KeepUnverified { get; set; } = true;

    /// <summary>
    /// A directory where batches wait on the disk until the store has them, or <c>null</c>, the default, for none. With it a store that is down or slow does
    /// not hold back the sources, and what was spooled survives the process. Each pipeline needs one of its own.
    /// </summary>
    public string? SpoolDirectory { get; set; }

    /// <summary>The most octets of the spool, 1 MiB or more. Default 1 GiB.</summary>
    public long SpoolMaxBytes { get; set; } = 1L << 30;

    /// <summary>
    /// What becomes of a batch that finds the spool full: it waits, which holds back the sources, so that live ones count what they drop (the default); or it
    /// is dropped and counted.
    /// </summary>
    public SpoolFullMode SpoolWhenFull { get; set; } = SpoolFullMode.Wait;

    /// <summary>
    /// A directory for batches whose times cannot be right, because a sensor's clock is wrong; or <c>null</c>, the default, to believe all times. See
    /// <see cref="MaxClockAhead"/> and <see cref="MaxAge"/>.
    /// </summary>
    public string? QuarantineDirectory { get; set; }

    /// <summary>How much later than now a sighting may be: zero to one day. Default one hour.</summary>
    public TimeSpan MaxClockAhead { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long ago a live sighting may be, one hour or more. Default 30 days. Files may be of any age since November 1987.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long a shutdown waits for the store to take what is in the spool, zero to one hour; the rest stays there for the next run. Default 10 seconds. A host
    /// whose own patience ends earlier (<c>HostOptions.ShutdownTimeout</c>) ends the wait too.
    /// </summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>When the health check calls the pipeline ill.</summary>
    public PipelineHealthOptions Health { get; } = new();

    /// <summary>Which names carry secrets and are cut before they are stored, or <c>null</c>, the default, to keep all names.</summary>
    public RedactionOptions? Redaction { get; set; }

    /// <summary>
    /// When a name may be seen through <see cref="IObservationReader"/>; or <c>null</c>, the default, at once. <see cref="IObservationStore"/> shows all names in
    /// any case.
    /// </summary>
    public PublicationOptions? Publication { get; set; }
}
