namespace PassiveDns.Fuzz;

/// <summary>The conservation law at the end of a capture.</summary>
internal static class AccountPromises
{
    public static void Check(IReadOnlyList<StageCount> account, long packets, long messages, long observed)
    {
        long Of(string stage, string fate) => account.FirstOrDefault(line => line.Stage == stage && line.Fate == fate).Count;
        long Sum(string stage) => account.Where(line => line.Stage == stage).Sum(line => line.Count);
        Promise.Holds(Sum("packets") == packets, $"{packets} packets, {Sum("packets")} fates");
        Promise.Holds(Sum("messages") == messages, $"{messages} messages, {Sum("messages")} fates");
        Promise.Holds(Sum("queries") == Of("messages", "query"), $"{Of("messages", "query")} queries, {Sum("queries")} fates");
        Promise.Holds(Of("messages", "observed") == observed, $"{observed} observed, {Of("messages", "observed")} counted");
        Promise.Holds(Of("messages", "held") == 0 && Of("packets", "fragment-waiting") == 0 && Of("queries", "waiting") == 0, "something still waits");
    }
}
