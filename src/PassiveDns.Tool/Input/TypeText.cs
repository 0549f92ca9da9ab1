using PassiveDns.Storage;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Input;

/// <summary>Selections of types as people write them.</summary>
internal static class TypeText
{
    /// <summary>The types that the option <c>--type</c> names, or <c>null</c> if it is not given.</summary>
    /// <param name="texts">Its values.</param>
    /// <exception cref="ToolException">One is no type, or they do not go together.</exception>
    public static TypeSelection? OfOption(string[]? texts)
    {
        if (texts is not { Length: > 0 }) return null;
        return Parse(texts, out string bad)
            ?? throw ToolException.WrongUse($"--type: {Visible.Quote(bad)} is no record type here; write a mnemonic such as A, MX or TXT, or TYPE and a number; ANY (all but DNSSEC) and ANY-DNSSEC do not go together with types outside them");
    }

    /// <summary>Reads one or more types; <c>ANY</c> and <c>ANY-DNSSEC</c> mean what they mean to DNSDB.</summary>
    /// <param name="texts">Names such as <c>A</c>, <c>NSEC3</c> or <c>TYPE65280</c>, in any letter case; each may be a list with commas.</param>
    /// <param name="bad">The text that is no type when the result is <c>null</c>.</param>
    public static TypeSelection? Parse(IReadOnlyList<string> texts, out string bad)
    {
        bad = "";
        List<RecordType> types = [];
        TypeSelection? group = null;
        int groups = 0;
        foreach (string text in texts.SelectMany(text => text.Split(',')))
        {
            bad = text;
            TypeSelection? named = text.ToUpperInvariant() switch { "ANY" => TypeSelection.Any, "ANY-DNSSEC" => TypeSelection.AnyDnssec, _ => null };
            if (named is not null)
            {
                groups += group == named ? 0 : 1;
                group = named;
            }
            else if (RecordTypeNames.TryParse(text, out RecordType type)) types.Add(type);
            else return null;
        }

        if (group is null) return TypeSelection.Of([.. types.Distinct()]);
        bad = string.Join(',', texts);
        return groups == 1 && types.TrueForAll(group.Includes) ? group : null; // A,ANY is ANY; RRSIG,ANY is neither of the two
    }
}
