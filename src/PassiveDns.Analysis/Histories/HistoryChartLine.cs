namespace PassiveDns.Analysis;

/// <summary>A line of a drawn timeline: one value of a track, or the rest of its values together.</summary>
/// <param name="Track">What the values are of, such as <c>A</c> or <c>NS (parent)</c>; of another owner than the name, with the owner.</param>
/// <param name="Label">The value.</param>
/// <param name="Presence">When it was seen.</param>
/// <param name="Values">How many values the line stands for.</param>
public readonly record struct HistoryChartLine(string Track, string Label, Presence Presence, int Values);
