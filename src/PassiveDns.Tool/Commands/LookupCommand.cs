using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns lookup</c>: what a name pointed to, and when.</summary>
internal static class LookupCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> name = new("NAME")
        {
            Description = "A name; *.NAME for the name and everything under it; NAME.* for names that start so. Unicode is accepted.",
        };
        Option<string[]> type = new("--type", "-t") { HelpName = "T", Description = "Only this type, such as A, MX, RRSIG or TYPE65280; may be repeated." };
        QueryOptions options = new();
        Command verb = new("lookup", "Shows what was answered for a name: the RRsets, when they were first and last seen, and how often.") { name, type };
        options.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            string text = parsed.GetRequiredValue(name);
            if (!NamePattern.TryParse(text, out NamePattern pattern, out string problem))
            {
                throw ToolException.WrongUse($"{Visible.Quote(text)} is no name to look up: {problem}");
            }

            TypeSelection? types = TypeText.OfOption(parsed.GetValue(type));
            if (types is not null && options.WantsAllTypes(parsed)) throw ToolException.WrongUse("--all-types and --type exclude each other");
            return options.AnswerAsync(parsed, terminal, pattern.OwnerAnchor, types, Visible.Quote(text), cancellationToken);
        });
        return verb;
    }
}
