using System.Globalization;
using System.Net;

namespace PassiveDns.Analysis;

/// <summary>Draws a timeline as SVG 1.1: one file without scripts, fonts or links. The same chart gives the same octets.</summary>
public static class HistorySvg
{
    private const long FewDays = 5 * 86_400; // then dates alone would be the same at all ticks
    private const int LabelWidth = 380;
    private const int BarWidth = 780;
    private const int LineHeight = 18;
    private const int Margin = 12;
    private const int MaxLabel = 52;
    private const int Ticks = 6;

    private static readonly string[] s_colours = ["#2f6fab", "#c05a1c", "#3d8b4f", "#8a4fa3", "#a8842c", "#b03a58"];

    /// <summary>Writes the drawing.</summary>
    /// <param name="chart">What to draw.</param>
    /// <param name="output">Where it goes.</param>
    public static void Write(HistoryChart chart, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentNullException.ThrowIfNull(output);
        int heads = chart.Lines.Select(static line => line.Track).Distinct().Count();
        int top = Margin + (2 * LineHeight), height = top + ((chart.Lines.Length + heads) * LineHeight) + Margin, width = (2 * Margin) + LabelWidth + BarWidth;
        Put(output, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Put(output, $"<title>{Escape(chart.Title)}</title>");
        Put(output, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
        Put(output, $"<text x=\"{Margin}\" y=\"{Margin + 12}\" font-size=\"15\" font-weight=\"bold\">{Escape(chart.Title)}</text>");
        WriteTicks(chart, output, top, height);
        string? track = null;
        int y = top, colour = -1;
        foreach (HistoryChartLine line in chart.Lines)
        {
            if (line.Track != track)
            {
                track = line.Track;
                colour++;
                Put(output, $"<text x=\"{Margin}\" y=\"{y + 13}\" font-weight=\"bold\">{Escape(track)}</text>");
                y += LineHeight;
            }

            WriteLine(chart, line, output, y, s_colours[colour % s_colours.Length]);
            y += LineHeight;
        }

        Put(output, $"</svg>");
    }

    private static void WriteTicks(HistoryChart chart, TextWriter output, int top, int height)
    {
        for (int i = 0; i < Ticks; i++)
        {
            long time = chart.First + (long)((chart.Last - chart.First) * (double)i / (Ticks - 1));
            double x = X(chart, time);
            string anchor = i == 0 ? "start" : i == Ticks - 1 ? "end" : "middle";
            Put(output, $"<line x1=\"{x:0.0}\" y1=\"{top}\" x2=\"{x:0.0}\" y2=\"{height - Margin}\" stroke=\"#dddddd\"/>");
            Put(output, $"<text x=\"{x:0.0}\" y=\"{top - 6}\" text-anchor=\"{anchor}\" fill=\"#555555\">{(chart.Last - chart.First < FewDays ? Minute(time) : Day(time))}</text>");
        }
    }

    private static void WriteLine(HistoryChart chart, HistoryChartLine line, TextWriter output, int y, string colour)
    {
        string label = line.Label.Length > MaxLabel ? line.Label[..(MaxLabel - 1)] + "…" : line.Label;
        Put(output, $"<g><title>{Escape(line.Label)}: {Minute(line.Presence.First)} to {Minute(line.Presence.Last)}</title>");
        Put(output, $"<text x=\"{Margin + 10}\" y=\"{y + 13}\" fill=\"#222222\">{Escape(label)}</text>");
        double first = X(chart, line.Presence.First), last = X(chart, line.Presence.Last);
        Put(output, $"<line x1=\"{first:0.0}\" y1=\"{y + 9}\" x2=\"{last:0.0}\" y2=\"{y + 9}\" stroke=\"{colour}\" stroke-opacity=\"0.35\"/>");
        foreach (TimeStretch stretch in line.Presence.Stretches)
        {
            double x = X(chart, stretch.First), end = X(chart, stretch.Last);
            Put(output, $"<rect x=\"{x:0.0}\" y=\"{y + 4}\" width=\"{Math.Max(1.5, end - x):0.0}\" height=\"{LineHeight - 8}\" fill=\"{colour}\"/>");
        }

        Put(output, $"</g>");
    }

    private static double X(HistoryChart chart, long time)
    {
        double share = chart.Last > chart.First ? (time - chart.First) / (double)(chart.Last - chart.First) : 0;
        return Margin + LabelWidth + (share * BarWidth);
    }

    private static string Day(long time) => Text(time, "yyyy-MM-dd");

    private static string Minute(long time) => Text(time, "yyyy-MM-dd HH:mm");

    private static string Text(long time, string format) => time is < 0 or > 253_402_300_799
        ? time.ToString(CultureInfo.InvariantCulture)
        : DateTimeOffset.FromUnixTimeSeconds(time).ToString(format, CultureInfo.InvariantCulture);

    // What XML 1.0 cannot hold (section 2.2) does not occur in presentation form, which escapes it; the rest is escaped here.
    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static void Put(TextWriter output, FormattableString line)
    {
        output.Write(FormattableString.Invariant(line));
        output.Write('\n');
    }
}
