namespace PassiveDns.Aggregation.Tests;

internal static class RowExtensions
{
    public static List<Observation> All(this ObservationRows rows)
    {
        List<Observation> all = [];
        foreach (ObservationRow row in rows) all.Add(row.ToObservation());
        return all;
    }

    public static Observation? TryFirst(this ObservationRows rows, string name) => rows.All().Find(row => row.RrName.ToString() == name);

    public static Observation First(this ObservationRows rows, string name) => rows.TryFirst(name) ?? throw new InvalidOperationException($"no row of {name}");
}
