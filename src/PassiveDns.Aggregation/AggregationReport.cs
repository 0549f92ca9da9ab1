namespace PassiveDns.Aggregation;

/// <summary>The account of an aggregator: what came in, what became of it, and what it holds.</summary>
public sealed record AggregationReport
{
    /// <summary>
    /// What became of each response (stage <c>responses</c>), of each RRset of the accepted ones (stage <c>rrsets</c>) and, where negative evidence is
    /// kept, of each negative response (stage <c>negatives</c>): every one stands in exactly one line of its stage.
    /// </summary>
    public required IReadOnlyList<StageCount> Account { get; init; }

    /// <summary>Responses taken in: the sum of the lines of stage <c>responses</c>.</summary>
    public long Responses { get; init; }

    /// <summary>RRsets of the accepted responses: the sum of the lines of stage <c>rrsets</c>.</summary>
    public long Rrsets { get; init; }

    /// <summary>RRsets that were verified by the server's address.</summary>
    public long Verified { get; init; }

    /// <summary>RRsets that were observed in whatever way.</summary>
    public long Observed { get; init; }

    /// <summary>The share of the observed RRsets that was verified, 0 to 1; 0 if none was observed. It is low until the delegations have been seen.</summary>
    public double VerifiedShare => Observed == 0 ? 0 : (double)Verified / Observed;

    /// <summary>
    /// Observed RRsets whose names were folded into the wildcard row of a flood (see <see cref="AggregationOptions.FloodGuard"/>). Once anything is folded, the
    /// stage <c>sightings</c> of the account says where every observed RRset went.
    /// </summary>
    public long FoldedNames { get; init; }

    /// <summary>Observed RRsets that were folded into the union of a rotating pool (see <see cref="AggregationOptions.MaxSetsPerDay"/>).</summary>
    public long FoldedSets { get; init; }

    /// <summary>RRsets that still wait for a delegation.</summary>
    public long Waiting { get; init; }

    /// <summary>RRsets that were decided early because too many waited.</summary>
    public long WaitingOverflowed { get; init; }

    /// <summary>Accepted responses with octets behind their last record.</summary>
    public long TrailingOctets { get; init; }

    /// <summary>
    /// RRsets of accepted responses in which a name was compressed in a type where RFC 3597 section 4 does not allow it. The names were expanded, and the sets went on
    /// as any other, unless <see cref="AggregationOptions.StrictCompression"/> drops them.
    /// </summary>
    public long NonstandardCompression { get; init; }

    /// <summary>Names of zones and of name servers that the verifier remembers.</summary>
    public long DelegationNames { get; init; }

    /// <summary>Names that the verifier had to forget because there were too many.</summary>
    public long DelegationNamesForgotten { get; init; }

    /// <summary>Rows that are held and are in no batch yet. Those of a window that is over get into batches as these are taken.</summary>
    public long Keys { get; init; }

    /// <summary>
    /// The servers of which the most RRsets were rejected (taken out by scrubbing, or supported by nothing), the first one the worst; as it stood when the
    /// last window ended. A server with many of them is an attacker, a middlebox, or one whose delegations have not been seen.
    /// </summary>
    public IReadOnlyList<ServerRejections> RejectedByServer { get; init; } = [];

    /// <summary>Rows of chaff handed on.</summary>
    public long ChaffRows { get; init; }

    /// <summary>Rows of <see cref="Rows"/> that told of a first sighting, with count 0.</summary>
    public long FirstSightings { get; init; }

    /// <summary>Batches made.</summary>
    public long Batches { get; init; }

    /// <summary>Rows in them.</summary>
    public long Rows { get; init; }

    internal const string ResponseStage = "responses";
    internal const string RrsetStage = "rrsets";
    internal const string SightingStage = "sightings";

    internal static AggregationReport Create(
        Tally<ResponseFate> responses,
        Tally<RrsetFate> rrsets,
        Tally<NegativeFate>? negatives,
        long waiting,
        long overflowed,
        long trailing,
        long compressed,
        long names,
        long forgotten,
        long keys,
        BatchWriter batches,
        long chaffRows,
        IReadOnlyList<ServerRejections> rejectedByServer,
        Tally<FoldingFate> folded)
    {
        List<StageCount> account = [.. responses.ToAccount(ResponseStage, IsDrop), .. rrsets.ToAccount(RrsetStage, IsDrop)];
        if (waiting > 0) account.Add(new(RrsetStage, "waiting", waiting, false));
        if (negatives is not null) account.AddRange(negatives.ToAccount("negatives", static fate => fate > NegativeFate.ObservedFolded));
        long observed = rrsets[RrsetFate.ObservedVerified] + rrsets[RrsetFate.ObservedResolverStated] + rrsets[RrsetFate.ObservedEstimated]
            + rrsets[RrsetFate.ObservedUnverified] + rrsets[RrsetFate.ObservedProbe];
        if (folded.Total > 0)
        {
            account.Add(new(SightingStage, "exact", observed - folded.Total, false)); // hits have no counter of their own
            account.AddRange(folded.ToAccount(SightingStage, static _ => false));
        }

        return new()
        {
            Account = account,
            Responses = responses.Total,
            Rrsets = rrsets.Total + waiting,
            Verified = rrsets[RrsetFate.ObservedVerified],
            Observed = observed,
            FoldedNames = folded[FoldingFate.FoldedNames],
            FoldedSets = folded[FoldingFate.FoldedSets],
            Waiting = waiting,
            WaitingOverflowed = overflowed,
            TrailingOctets = trailing,
            NonstandardCompression = compressed,
            DelegationNames = names,
            DelegationNamesForgotten = forgotten,
            Keys = keys,
            RejectedByServer = rejectedByServer,
            ChaffRows = chaffRows,
            FirstSightings = batches.FirstSightings,
            Batches = batches.Batches,
            Rows = batches.Rows,
        };
    }

    internal static bool IsDrop(ResponseFate fate) => fate is not (ResponseFate.Accepted or ResponseFate.Negative or ResponseFate.Empty);

    internal static bool IsDrop(RrsetFate fate) => fate is > RrsetFate.ObservedProbe and not RrsetFate.Repeated;
}
