using System.CommandLine;
using PassiveDns.Tool.Diagnosis;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns doctor</c>: why something in a capture was not observed.</summary>
internal static class DoctorCommand
{
    private const long DefaultLimit = 1000;

    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string> file = new("FILE") { Description = "A capture file: pcap, pcapng, C-DNS, dnstap or PowerDNS messages, also packed with gzip or Zstandard." };
        Option<string?> name = new("--name") { HelpName = "NAME", Description = "Only what has to do with a name; *.NAME for everything under it, NAME.* for what starts with it." };
        Option<string?> type = new("--type") { HelpName = "TYPE", Description = "Only what has to do with a record type, such as MX." };
        Option<long?> packet = new("--packet") { HelpName = "N", Description = "Only this packet, by the number that Wireshark shows; also what was observed of it. Of dnstap and PowerDNS the frame, of C-DNS the item." };
        Option<string?> reason = new("--reason")
        {
            HelpName = "WORD",
            Description = "Only what became of things under this word of the table, such as unsolicited; refused stands for all that begin with refused-.",
        };
        Option<bool> all = new("--all") { Description = "Also what was observed and what is no loss. Default: only what was dropped or kept apart." };
        Option<long?> limit = new("--limit") { HelpName = "N", Description = $"The most lines before the table. Default: {DefaultLimit}, with --json all." };
        Option<string?> rootHints = VerbOptions.RootHints();
        Option<bool> json = VerbOptions.Json("One JSON object a line, and the summary as the last.");
        VantageArguments vantage = new("Without any, the direction is inferred.");
        Command verb = new("doctor", "Explains packet by packet why something in a capture was not observed, and what to do about it. No address of a client or of a resolver is shown.")
        {
            file, name, type, packet, reason, all, limit, rootHints, json,
        };
        vantage.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            string path = parsed.GetRequiredValue(file);
            DoctorRequest request = new()
            {
                File = path.Length > 0 ? path : throw ToolException.WrongUse("the file name is empty"),
                Name = parsed.GetValue(name) is { } pattern ? NameOf(pattern) : null,
                Type = parsed.GetValue(type) is { } text ? TypeOf(text) : null,
                Packet = parsed.GetValue(packet) is { } number ? AtLeastOne("--packet", number) : null,
                Reason = parsed.GetValue(reason) is { } word ? ReasonOf(word) : null,
                All = parsed.GetValue(all),
                Json = parsed.GetValue(json),
                Limit = parsed.GetValue(limit) is { } most ? AtLeastOne("--limit", most) : parsed.GetValue(json) ? long.MaxValue : DefaultLimit,
                RootHints = parsed.GetValue(rootHints),
            };
            vantage.Fill(parsed, request.Vantage);
            return DoctorRun.RunAsync(request, terminal, cancellationToken);
        });
        return verb;
    }

    private static NamePattern NameOf(string text) =>
        NamePattern.TryParse(text, out NamePattern pattern, out string problem) ? pattern : throw ToolException.WrongUse($"--name: {Visible.Quote(text)}: {problem}");

    private static RecordType TypeOf(string text) =>
        RecordTypeNames.TryParse(text, out RecordType type) ? type : throw ToolException.WrongUse($"--type: {Visible.Quote(text)} is no record type; give A, MX, TYPE65280 or the like");

    private static long AtLeastOne(string option, long number) => number >= 1 ? number : throw ToolException.WrongUse($"{option}: give a number from 1 upwards");

    private static string ReasonOf(string word) =>
        Reasons.All.Any(entry => entry.Fate == word || entry.Fate.StartsWith(word + "-", StringComparison.Ordinal))
            ? word
            : throw ToolException.WrongUse($"--reason: {Visible.Quote(word)} is unknown; without it, the table names the words that occur");
}
