namespace PassiveDns.Analysis;

/// <summary>A BIMI record (draft-brand-indicators-for-message-identification section 4.2): where a brand's logo is.</summary>
/// <param name="Location">The address of the logo (<c>l=</c>); empty if the domain declines to take part.</param>
/// <param name="Authority">The address of the evidence for it (<c>a=</c>), or empty.</param>
public sealed record BrandIndicator(string Location, string Authority)
{
    /// <summary>Whether a text is meant as such a record: <c>v=BIMI1</c>, then a semicolon.</summary>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("v=BIMI1", StringComparison.Ordinal) && (text.Length == 7 || text[7] is ';' or ' ' or '\t');
    }

    /// <summary>Reads a record.</summary>
    /// <param name="text">The strings of the TXT record joined.</param>
    /// <param name="record">The record; <c>null</c> if the result is <c>false</c>.</param>
    /// <param name="problem">What is wrong if the result is <c>false</c>.</param>
    public static bool TryParse(string text, out BrandIndicator? record, out string? problem)
    {
        record = null;
        if (!IsMeant(text))
        {
            problem = "it does not begin with v=BIMI1";
            return false;
        }

        if (!TagList.TryParse(text, out TagList tags, out problem)) return false;
        problem = null;
        string location = tags["l"] ?? "", authority = tags["a"] ?? "";
        if (tags["l"] is null || (location.Length > 0 && !location.StartsWith("https://", StringComparison.OrdinalIgnoreCase)))
        {
            problem = "l= is missing or no https: address";
            return false;
        }

        record = new(location, authority);
        return true;
    }
}
