using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>What the infrastructure of a deviation adds to a suspicion.</summary>
internal sealed record RogueJudgement(ImmutableArray<RogueInfrastructure> Rogue, ImmutableArray<CoVictim> CoVictims, double CoVictimsPerTenant, double Novelty, double Shared, double Migration, bool IsOwn, bool IsKnown, bool IsSinkhole);
