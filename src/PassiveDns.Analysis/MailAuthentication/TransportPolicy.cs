namespace PassiveDns.Analysis;

/// <summary>An MTA-STS record (RFC 8461 section 3.1): that the domain has a policy, and which version of it.</summary>
/// <param name="Id">The policy's id: when it changes, the policy did.</param>
public sealed record TransportPolicy(string Id)
{
    /// <summary>Whether a text is meant as such a record: <c>v=STSv1</c>, then a semicolon.</summary>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("v=STSv1", StringComparison.Ordinal) && (text.Length == 7 || text[7] is ';' or ' ' or '\t');
    }

    /// <summary>Reads a record.</summary>
    /// <param name="text">The strings of the TXT record joined.</param>
    /// <param name="record">The record; <c>null</c> if the result is <c>false</c>.</param>
    /// <param name="problem">What is wrong if the result is <c>false</c>.</param>
    public static bool TryParse(string text, out TransportPolicy? record, out string? problem)
    {
        record = null;
        if (!IsMeant(text))
        {
            problem = "it does not begin with v=STSv1 (RFC 8461 section 3.1)";
            return false;
        }

        if (!TagList.TryParse(text, out TagList tags, out problem)) return false;
        problem = null;
        string id = tags["id"] ?? "";
        if (id.Length is < 1 or > 32 || !id.All(char.IsAsciiLetterOrDigit))
        {
            problem = "id= is not 1 to 32 letters and digits (RFC 8461 section 3.1)";
            return false;
        }

        record = new(id);
        return true;
    }
}
