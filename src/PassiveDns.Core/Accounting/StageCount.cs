namespace PassiveDns;

/// <summary>One line of an account: of all that came into a stage, so many had this fate.</summary>
/// <param name="Stage">The stage, such as <c>packets</c>, <c>messages</c> or <c>rrsets</c>; also the unit that is counted.</param>
/// <param name="Fate">What became of them, in kebab-case, such as <c>observed</c> or <c>not-dns</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="IsDrop">Whether they ended here although they were wanted: damage, refusals, limits.</param>
public readonly record struct StageCount(string Stage, string Fate, long Count, bool IsDrop);
