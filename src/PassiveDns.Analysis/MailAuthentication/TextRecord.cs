using System.Text;

namespace PassiveDns.Analysis;

/// <summary>The text of TXT rdata.</summary>
internal static class TextRecord
{
    /// <summary>Joins the character-strings without anything between them (RFC 7208 section 3.3, RFC 6376 section 3.6.2.2).</summary>
    /// <param name="rdata">Canonical TXT rdata.</param>
    public static string Join(ReadOnlySpan<byte> rdata)
    {
        StringBuilder text = new(rdata.Length);
        while (!rdata.IsEmpty)
        {
            int length = Math.Min(rdata[0], rdata.Length - 1);
            text.Append(Encoding.Latin1.GetString(rdata.Slice(1, length)));
            rdata = rdata[(1 + length)..];
        }

        return text.ToString();
    }
}
