namespace PassiveDns;

/// <summary>A stretch of time in which an RRset was seen again and again, without a silence longer than the store's interval gap.</summary>
/// <param name="First">When it was first seen, in Unix seconds.</param>
/// <param name="Last">When it was last seen, in Unix seconds.</param>
/// <param name="Count">How many responses held exactly this RRset.</param>
public readonly record struct SightingInterval(long First, long Last, long Count);
