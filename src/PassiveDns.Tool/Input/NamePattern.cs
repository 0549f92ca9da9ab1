using PassiveDns.Storage;

namespace PassiveDns.Tool.Input;

/// <summary>
/// A name as people ask for it: <c>NAME</c>, <c>*.NAME</c> for a name and everything under it, <c>NAME.*</c> for names that start with these
/// labels. A star is a wildcard only as the whole first or last label; <c>\*</c> is the star of DNS itself (STANDARDS 6.10).
/// </summary>
/// <param name="Name">The name without the wildcard.</param>
/// <param name="Wildcard">Where the wildcard stands.</param>
internal readonly record struct NamePattern(DomainName Name, NamePattern.Side Wildcard)
{
    /// <summary>Where a wildcard stands.</summary>
    public enum Side
    {
        /// <summary>There is none.</summary>
        None,

        /// <summary>In front: the subtree.</summary>
        Left,

        /// <summary>Behind: a prefix of labels.</summary>
        Right,
    }

    /// <summary>Where to look for owner names.</summary>
    public QueryAnchor OwnerAnchor => Wildcard switch
    {
        Side.Left => new QueryAnchor.Subtree(Name),
        Side.Right => new QueryAnchor.NamePrefix(Name),
        _ => new QueryAnchor.OwnerName(Name),
    };

    /// <summary>Whether a name is meant.</summary>
    /// <param name="name">The name.</param>
    public bool Matches(DomainName name) => Wildcard switch
    {
        Side.Left => name.IsAtOrUnder(Name),
        Side.Right => name.Wire.StartsWith(Name.Wire[..^1]),
        _ => name == Name,
    };

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The text; Unicode is accepted.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="problem">What is wrong when the result is <c>false</c>.</param>
    public static bool TryParse(string text, out NamePattern pattern, out string problem)
    {
        pattern = default;
        problem = "";
        if (AddressText.LooksLikeOne(text))
        {
            problem = "it looks like an address or a network; pdns shared, pdns uses and pdns names --ip take those";
            return false;
        }

        string rest = text;
        Side side = Side.None;
        if (rest.StartsWith("*.", StringComparison.Ordinal) && rest.Length > 2)
        {
            side = Side.Left;
            rest = rest[2..];
        }
        else if (EndsInWildcard(rest, out int length))
        {
            side = Side.Right;
            rest = rest[..length];
        }

        if (HasBareStar(rest))
        {
            problem = "a wildcard must be the whole first label (*.example.com) or the whole last one (www.example.*), not both; write \\* for the star of DNS";
            return false;
        }

        if (!DomainName.TryParse(rest, out DomainName name))
        {
            problem = "a name has labels of 1 to 63 octets, 255 octets in all, and '\\' starts an escape";
            return false;
        }

        if (side == Side.Right && name.IsRoot)
        {
            problem = "name at least one label before the wildcard";
            return false;
        }

        pattern = new(name, side);
        return true;
    }

    /// <summary>Reads a name where no wildcard is possible.</summary>
    /// <param name="text">The text; Unicode is accepted.</param>
    /// <param name="name">The name.</param>
    /// <param name="problem">What is wrong when the result is <c>false</c>.</param>
    public static bool TryParseName(string text, out DomainName name, out string problem)
    {
        name = default;
        if (!TryParse(text, out NamePattern pattern, out problem)) return false;
        if (pattern.Wildcard != Side.None)
        {
            problem = "one name is meant here; leave the wildcard out";
            return false;
        }

        name = pattern.Name;
        return true;
    }

    /// <summary>Reads a name that stands for itself and everything under it, with or without the star in front.</summary>
    /// <param name="text">The text; Unicode is accepted.</param>
    /// <param name="apex">The name.</param>
    /// <param name="problem">What is wrong when the result is <c>false</c>.</param>
    public static bool TryParseSubtree(string text, out DomainName apex, out string problem)
    {
        apex = default;
        if (!TryParse(text, out NamePattern pattern, out problem)) return false;
        if (pattern.Wildcard == Side.Right)
        {
            problem = "a name and everything under it are meant here; a star can only stand in front";
            return false;
        }

        apex = pattern.Name;
        return true;
    }

    private static bool EndsInWildcard(string text, out int length)
    {
        string trimmed = text.EndsWith('.') ? text[..^1] : text;
        length = trimmed.Length - 2;
        if (length <= 0 || !trimmed.EndsWith(".*", StringComparison.Ordinal)) return false;
        int backslashes = 0; // the dot must part labels, not be an escaped one
        while (backslashes < length && trimmed[length - 1 - backslashes] == '\\') backslashes++;
        return backslashes % 2 == 0;
    }

    private static bool HasBareStar(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '*') return true;
        }

        return false;
    }
}
