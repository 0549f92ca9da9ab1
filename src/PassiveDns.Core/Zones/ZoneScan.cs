using System.Buffers;
using System.Runtime.InteropServices;

namespace PassiveDns;

/// <summary>
/// Finds where an entry of a zone file ends: at the first line end outside parentheses (RFC 1035 section 5.1). Quotes and escapes only
/// matter here as far as they hide other characters; nobody can split words before the type is known.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct ZoneScan
{
    /// <summary>What makes a line more than words and blanks.</summary>
    public static readonly SearchValues<byte> Special = SearchValues.Create("\n;()\"\\"u8);

    /// <summary>The entry ends before this offset. Behind it comes a line end, or nothing.</summary>
    public int End;

    /// <summary>Whether the end was found.</summary>
    public bool IsComplete;

    /// <summary>Whether there are comments or parentheses, which must be blanked out before words are taken.</summary>
    public bool HasLayout;

    /// <summary>The error, and where it was found.</summary>
    public ZoneError Error;

    /// <summary>Where <see cref="Error"/> was found. Reading goes on behind the first line end at or after <see cref="End"/>.</summary>
    public int ErrorAt;

    /// <summary>Looks for the end of the entry at the start of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isFinal">Whether the text ends where the file ends.</param>
    /// <param name="blank">Whether comments and parentheses are overwritten with blanks; line ends stay.</param>
    public static ZoneScan Find(Span<byte> text, bool isFinal, bool blank)
    {
        ZoneScan scan = default;
        int open = -1; // where the open parenthesis stands
        bool openLineEnded = false;
        int literal = -1; // the last octet behind a backslash
        int closed = -1; // the last closing quote
        int at = 0;
        while (true)
        {
            int step = text[at..].IndexOfAny(Special);
            if (step < 0) break;
            at += step;
            switch (text[at])
            {
                case (byte)'\n':
                    if (open < 0) return scan with { End = at, IsComplete = true };
                    openLineEnded = true;
                    at++;
                    continue;
                case (byte)';':
                    int length = text[at..].IndexOf((byte)'\n');
                    if (length < 0) length = text.Length - at;
                    if (blank) text.Slice(at, length).Fill((byte)' ');
                    scan.HasLayout = true;
                    at += length;
                    continue;
                case (byte)'(':
                    if (open >= 0 && openLineEnded) return scan.Fail(ZoneError.UnclosedParenthesis, open, open);
                    if (open >= 0) return scan.Fail(ZoneError.NestedParenthesis, at, at);
                    (open, openLineEnded) = (at, false);
                    break;
                case (byte)')':
                    if (open < 0) return scan.Fail(ZoneError.UnopenedParenthesis, at, at);
                    open = -1;
                    break;
                case (byte)'\\':
                    literal = at + 1;
                    at += literal < text.Length && text[literal] == '\n' ? 1 : 2;
                    if (at > text.Length) at = text.Length;
                    continue;
                default:
                    if (!OpensString(text, at, literal, closed))
                    {
                        at++;
                        continue;
                    }

                    int end = FindQuote(text, at + 1);
                    if (end == text.Length && !isFinal) return scan;
                    if (end == text.Length || text[end] == '\n') return scan.Fail(ZoneError.UnclosedQuote, at, end);
                    closed = end;
                    at = end + 1;
                    continue;
            }

            scan.HasLayout = true;
            if (blank) text[at] = (byte)' ';
            at++;
        }

        if (!isFinal) return scan;
        if (open >= 0) return scan.Fail(ZoneError.UnclosedParenthesis, open, open);
        return scan with { End = text.Length, IsComplete = true };
    }

    private readonly ZoneScan Fail(ZoneError error, int at, int end) => this with { Error = error, ErrorAt = at, End = end, IsComplete = true };

    /// <summary>A quote opens a string at the start of a word and behind the equals sign of a parameter (RFC 9460 section 2.1); elsewhere it is a letter.</summary>
    private static bool OpensString(ReadOnlySpan<byte> text, int at, int literal, int closed)
    {
        int before = at - 1;
        return before < 0 || (before != literal && (before == closed
            || text[before] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'(' or (byte)')' or (byte)'='));
    }

    private static int FindQuote(ReadOnlySpan<byte> text, int at)
    {
        while (true)
        {
            int step = text[at..].IndexOfAny((byte)'"', (byte)'\\', (byte)'\n');
            if (step < 0) return text.Length;
            at += step;
            if (text[at] != '\\') return at;
            at = Math.Min(at + (at + 1 < text.Length && text[at + 1] == '\n' ? 1 : 2), text.Length);
        }
    }
}
