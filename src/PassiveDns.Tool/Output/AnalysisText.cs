using PassiveDns.Analysis;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Output;

/// <summary>Parts of analyses' answers for people.</summary>
internal static class AnalysisText
{
    /// <summary>The records of a set, one a line.</summary>
    public static string Data(RrsetState? state) => state is null ? "" : state.IsAbsence ? "not there" : string.Join('\n', state.Values.Select(static rdata => rdata.ToString()));

    /// <summary>A time, or nothing.</summary>
    public static string Time(long? time) => time is { } known ? TimeText.Format(known) : "";
}
