namespace PassiveDns.Analysis;

/// <summary>
/// The flux score of Holz, Gorecki, Rieck and Freiling (Measuring and Detecting Fast-Flux Service Networks, NDSS 2008): w1 * addresses + w2 * autonomous systems + w3 * name
/// servers, of the window of about two TTLs in which it is highest. A content network or a pool of volunteers scores high too: see the guards.
/// </summary>
/// <param name="From">Where the window begins, in Unix seconds.</param>
/// <param name="Seconds">How long it is.</param>
/// <param name="Addresses">Distinct addresses within it.</param>
/// <param name="AutonomousSystems">Distinct autonomous systems within it, or <c>null</c> if of no address it is known.</param>
/// <param name="NameServers">Distinct name servers within it.</param>
/// <param name="Score">The score, or <c>null</c> without autonomous systems: it cannot be told then.</param>
/// <param name="Threshold">What the method takes for flux: more than this.</param>
public readonly record struct FluxScore(long From, long Seconds, int Addresses, int? AutonomousSystems, int NameServers, double? Score, double Threshold)
{
    /// <summary>Whether the score is above the threshold: a reason to look at the guards, not a verdict.</summary>
    public bool IsAbove => Score > Threshold;
}
