using PassiveDns.Storage;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Input;

/// <summary>Retention policies as people write them.</summary>
internal static class RetentionText
{
    /// <summary>Reads a policy.</summary>
    /// <param name="rules">Rules such as <c>90d type TXT,RRSIG provenance unverified</c>.</param>
    /// <param name="olderThan">The age of all other rows, or <c>null</c> to keep them.</param>
    /// <exception cref="ToolException">A rule cannot be read, or there is none at all.</exception>
    public static RetentionPolicy Parse(IReadOnlyList<string> rules, string? olderThan)
    {
        List<RetentionRule> parsed = [.. rules.Select(ParseRule)];
        if (olderThan is not null) parsed.Add(new(Age("--older-than", olderThan)));
        return parsed.Count > 0 ? new(parsed) : throw ToolException.WrongUse("name what goes: --older-than AGE, or --rule \"AGE type LIST\", several times");
    }

    private static RetentionRule ParseRule(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length % 2 == 0) throw Bad(text, "it is an age, then pairs of a word (type, provenance or name) and what is meant");
        RetentionRule rule = new(Age("--rule", words[0]));
        for (int i = 1; i < words.Length; i += 2)
        {
            rule = words[i] switch
            {
                "type" => rule with { Types = TypeText.Parse([words[i + 1]], out string bad) ?? throw Bad(text, $"{Visible.Quote(bad)} is no type") },
                "provenance" => rule with { Provenance = ProvenanceText.TryParse(words[i + 1], out ProvenanceSelection selection, out string word) ? selection : throw Bad(text, $"{Visible.Quote(word)} is no provenance") },
                "name" => rule with { Subtree = NameOf(text, words[i + 1]) },
                _ => throw Bad(text, $"{Visible.Quote(words[i])} is not type, provenance or name"),
            };
        }

        return rule;
    }

    /// <summary>A rule is about a name and everything under it, with or without a star in front.</summary>
    private static DomainName NameOf(string rule, string text) =>
        NamePattern.TryParseSubtree(text, out DomainName apex, out string problem) ? apex : throw Bad(rule, $"{Visible.Quote(text)} is no name: {problem}");

    private static TimeSpan Age(string option, string text)
    {
        if (text == "ever") return TimeSpan.FromDays(1_000_000);
        return TimeText.TryParseDuration(text, out TimeSpan age)
            ? age
            : throw ToolException.WrongUse($"{option}: {Visible.Quote(text)} is no age; write a number with s, m, h or d behind it, such as 730d, up to ten years, or ever");
    }

    private static ToolException Bad(string rule, string why) => ToolException.WrongUse($"--rule: {Visible.Quote(rule)}: {why}; see pdns retain --help");
}
