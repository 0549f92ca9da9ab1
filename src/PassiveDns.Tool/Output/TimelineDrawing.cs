using System.Globalization;
using System.Text;
using PassiveDns.Analysis;

namespace PassiveDns.Tool.Output;

/// <summary>Draws a timeline in characters, as wide as the screen.</summary>
internal static class TimelineDrawing
{
    private const int PlainWidth = 100; // where nobody's screen bounds it
    private const int MaxWidth = 200;
    private const int MinBar = 20;
    private const long FewDays = 5 * 86_400;
    private const char Seen = '█';
    private const char Silent = '·';
    private const string Plain = "\u001b[0m";

    private static readonly string[] s_colours = ["\u001b[36m", "\u001b[33m", "\u001b[32m", "\u001b[35m", "\u001b[34m", "\u001b[31m"];

    /// <summary>Draws the lines, the tracks with a head of their own. A block is a time in which it was seen, a dot a silence between two of them.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="chart">What to draw.</param>
    public static void Write(Terminal terminal, HistoryChart chart)
    {
        int width = terminal.OutputIsTerminal ? Math.Clamp(terminal.Width, MinBar, MaxWidth) : PlainWidth;
        int label = Math.Min(width * 2 / 5, chart.Lines.Max(static line => Visible.Width(line.Label)) + 2);
        bool isNarrow = width - label - 2 < MinBar; // then a label stands above its bar
        int bar = isNarrow ? width - 2 : width - label - 2;
        string left = new(' ', isNarrow ? 2 : label + 2);
        terminal.Output.WriteLine(left + Axis(chart, bar));
        string? track = null;
        int colour = -1;
        foreach (HistoryChartLine line in chart.Lines)
        {
            if (line.Track != track)
            {
                track = line.Track;
                colour++;
                terminal.Output.WriteLine(track);
            }

            string text = Cut(line.Label, isNarrow ? width - 2 : label), drawn = Bar(chart, line.Presence, bar).TrimEnd();
            if (terminal.Colours) drawn = s_colours[colour % s_colours.Length] + drawn + Plain;
            if (isNarrow) terminal.Output.WriteLine("  " + text);
            terminal.Output.WriteLine(isNarrow ? "  " + drawn : "  " + text + new string(' ', label - Visible.Width(text)) + drawn);
        }
    }

    private static string Axis(HistoryChart chart, int width)
    {
        string first = Mark(chart, chart.First), last = Mark(chart, chart.Last);
        if (width < first.Length + last.Length + 2) return first;
        string middle = Mark(chart, chart.First + ((chart.Last - chart.First) / 2));
        StringBuilder axis = new(first.PadRight(width - last.Length));
        int at = (width - middle.Length) / 2;
        if (at > first.Length && at + middle.Length < width - last.Length) axis.Remove(at, middle.Length).Insert(at, middle);
        return axis.Append(last).ToString();
    }

    private static string Bar(HistoryChart chart, Presence presence, int width)
    {
        char[] bar = new char[width];
        double span = Math.Max(1, chart.Last - chart.First + 1);
        for (int i = 0; i < width; i++)
        {
            long from = chart.First + (long)(span * i / width), to = chart.First + Math.Max((long)(span * i / width), (long)(span * (i + 1) / width) - 1);
            bar[i] = presence.Overlaps(from, to) ? Seen : from > presence.First && to < presence.Last ? Silent : ' ';
        }

        return new(bar);
    }

    private static string Cut(string text, int width)
    {
        if (Visible.Width(text) <= width) return text;
        StringBuilder cut = new();
        int taken = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            string one = rune.ToString();
            taken += Visible.Width(one);
            if (taken > width - 2) break; // the ellipsis, and a blank before the bar
            cut.Append(one);
        }

        return cut.Append('…').ToString();
    }

    // Where a chart spans a few days only, dates alone would all be the same.
    private static string Mark(HistoryChart chart, long time) => time is < 0 or > 253_402_300_799
        ? time.ToString(CultureInfo.InvariantCulture)
        : DateTimeOffset.FromUnixTimeSeconds(time).ToString(chart.Last - chart.First < FewDays ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
