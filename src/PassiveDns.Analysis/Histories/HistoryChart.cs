using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A history as a drawing has it: lines with bars over one span of time.</summary>
public sealed class HistoryChart
{
    private HistoryChart(string title, long first, long last, ImmutableArray<HistoryChartLine> lines) => (Title, First, Last, Lines) = (title, first, last, lines);

    /// <summary>The name.</summary>
    public string Title { get; }

    /// <summary>Where the drawing begins, in Unix seconds.</summary>
    public long First { get; }

    /// <summary>Where it ends, in Unix seconds.</summary>
    public long Last { get; }

    /// <summary>The lines, those of one track behind each other, the values in the order in which they came.</summary>
    public ImmutableArray<HistoryChartLine> Lines { get; }

    /// <summary>Lays a history out.</summary>
    /// <param name="history">The history.</param>
    /// <param name="maxLines">The most lines for one track, 2 or more: a pool of a thousand sets would fill any screen. What is over is one line together.</param>
    public static HistoryChart Of(NameHistory history, int maxLines = 12)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLines, 2);
        ImmutableArray<HistoryChartLine>.Builder lines = ImmutableArray.CreateBuilder<HistoryChartLine>();
        foreach (RrsetTrack track in history.Tracks)
        {
            string head = Head(history.Name, track);
            int alone = track.States.Length <= maxLines ? track.States.Length : maxLines - 1;
            foreach (RrsetState state in track.States.Take(alone)) lines.Add(new(head, Label(state), state.Presence, 1));
            int rest = track.States.Length - alone;
            if (rest > 0) lines.Add(new(head, $"{rest} more sets", Presence.Of(track.States.Skip(alone).SelectMany(static state => state.Presence.Stretches)), rest));
        }

        return new(Text(history.Name), history.First, history.Last, lines.ToImmutable());
    }

    private static string Head(DomainName name, RrsetTrack track)
    {
        string head = RecordTypeNames.Format(track.Type);
        if (track.Type == RecordType.NS) head += track.Side == UseSide.Parent ? " (parent)" : " (zone)";
        else if (track.Zone != track.Owner && track.Zone.LabelCount + 1 < track.Owner.LabelCount) head += $" (from {Text(track.Zone)})";
        return track.Owner == name ? head : $"{head} of {Text(track.Owner)}";
    }

    private static string Label(RrsetState state) => state.IsAbsence
        ? "not there"
        : string.Join("  ", state.Values.Select(static rdata => rdata.Type is RecordType.NS or RecordType.CNAME or RecordType.MX ? WithoutFinalDot(rdata.ToString()) : rdata.ToString()));

    private static string Text(DomainName name) => WithoutFinalDot(name.ToString());

    private static string WithoutFinalDot(string text) => text.Length > 1 && text.EndsWith('.') ? text[..^1] : text;
}
