namespace PassiveDns.Aggregation;

/// <summary>The times, both ends included, for which a conclusion holds.</summary>
internal readonly record struct Validity(long From, long To)
{
    public static Validity Always => new(long.MinValue, long.MaxValue);

    public bool Contains(long time) => time >= From && time <= To;

    public Validity And(Validity other) => new(Math.Max(From, other.From), Math.Min(To, other.To));
}
