using System.Text.Json;

namespace PassiveDns.Tool.Tests;

/// <summary>The conservation law, checked on the JSON account alone.</summary>
internal static class ImportAccount
{
    public static long Sum(JsonElement account, string stage) => Lines(account, stage).Sum(line => line.GetProperty("count").GetInt64());

    public static long Line(JsonElement account, string stage, string fate) =>
        Lines(account, stage).Where(line => line.GetProperty("fate").GetString() == fate).Sum(line => line.GetProperty("count").GetInt64());

    private static IEnumerable<JsonElement> Lines(JsonElement account, string stage) =>
        account.GetProperty("account").EnumerateArray().Where(line => line.GetProperty("stage").GetString() == stage);

    public static void AssertConserved(JsonElement account)
    {
        foreach (string stage in (string[])["packets", "messages", "responses", "rrsets"]) Assert.Equal(account.GetProperty(stage).GetInt64(), Sum(account, stage));
        Assert.Equal(Sum(account, "responses"), Line(account, "messages", "observed"));
        Assert.Equal(Sum(account, "batches"), account.GetProperty("batches_applied").GetInt64() + account.GetProperty("batches_already_applied").GetInt64());
        Assert.Empty(account.GetProperty("imbalances").EnumerateArray());
        Assert.Equal(0, Line(account, "rrsets", "waiting"));
    }
}
