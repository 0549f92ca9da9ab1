using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns lookalikes</c>: what imitates a brand, among the names that were observed.</summary>
internal static class LookalikesCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string[]> brands = new("BRAND") { Arity = ArgumentArity.ZeroOrMore, Description = "The brands' domains, such as examplebank.com. One walk over the store answers for all of them." };
        Option<string?> list = new("--brands") { HelpName = "FILE", Description = "More brands, one a line; empty lines and lines that begin with # are passed over." };
        Option<string?> newSince = new("--new-since") { HelpName = "TIME", Description = "Only names that the store knew nothing of before: an ISO date or time (UTC) or Unix seconds." };
        Option<double?> threshold = new("--min-score") { HelpName = "S", Description = "The least score, 0 to 1. Default: 0.5; 0 shows everything that resembles a brand in any way." };
        AnalysisArguments arguments = new();
        const string Purpose = "Shows observed names that imitate a brand, with all that makes their score: a suspicion to look at, never a verdict.";
        Command verb = new("lookalikes", Purpose) { brands, list, newSince, threshold };
        arguments.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            LookalikeOptions rules = new();
            if (parsed.GetValue(threshold) is { } least)
                rules = least is >= 0 and <= 1 ? rules with { Threshold = least } : throw ToolException.WrongUse("--min-score: scores are 0 to 1");
            DomainName[] names = [.. (parsed.GetValue(brands) ?? []).Concat(Lines(parsed.GetValue(list))).Select(Brand)];
            if (names.Length == 0) throw ToolException.WrongUse("name at least one brand, or a file of them with --brands");
            LookalikeQuery query = new(names) { Window = arguments.Window(parsed), NewSince = AnalysisArguments.TimeOf(parsed, newSince, endOfDay: false) };
            AnalysisOptions options = arguments.Options(parsed, terminal);
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            AnswerStream<Lookalike> answer;
            try
            {
                answer = new Lookalikes(store, options, rules).Find(query);
            }
            catch (ArgumentException e) // a brand that is a public suffix: the list that tells is known only now
            {
                throw ToolException.WrongUse(e.Message);
            }

            string asked = names.Length == 1 ? $"look-alikes of {Visible.Quote(NameDisplay.WithoutFinalDot(names[0].ToString()))}" : $"look-alikes of {names.Length} brands";
            return await ShowAsync(terminal, answer, asked, arguments.WantsJson(parsed), cancellationToken);
        });
        return verb;
    }

    private static IEnumerable<string> Lines(string? path) =>
        path is null ? [] : OptionFile.Read("--brands", path, File.ReadAllLines).Select(static line => line.Trim()).Where(static line => line.Length > 0 && line[0] != '#');

    private static DomainName Brand(string text) =>
        DomainName.TryParse(text, out DomainName name) ? name : throw ToolException.WrongUse($"{Visible.Quote(text)} is no name: labels have 1 to 63 octets, a name at most 255");

    private static async Task<int> ShowAsync(Terminal terminal, AnswerStream<Lookalike> answer, string asked, bool asJson, CancellationToken cancellationToken)
    {
        long count = 0;
        ColumnTable table = new(["score", "name", "brand", "because", "first seen", "last seen"]);
        await foreach (Lookalike one in answer.WithCancellation(cancellationToken))
        {
            count++;
            if (asJson) WriteJson(terminal, one);
            else
            {
                IEnumerable<string> because = one.Signs.Select(sign => $"{Word(sign.Class)} {Number(sign.Weight * sign.Strength)}: {sign.Detail}")
                    .Concat(one.Factors.Select(factor => $"odds x {Number(factor.Odds)}: {factor.Detail}"));
                table.Add(
                    Number(one.Score), NameDisplay.Format(one.Name), NameDisplay.Format(one.Brand), string.Join('\n', because),
                    TimeText.Format(one.FirstSeen), TimeText.Format(one.LastSeen));
            }
        }

        if (asJson) AnalysisJson.WriteFacts(terminal, answer.Facts);
        else if (count > 0) table.WriteTo(terminal);
        return AnalysisArguments.End(terminal, count, asked, answer.Facts);
    }

    private static string Number(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);

    private static void WriteJson(Terminal terminal, Lookalike one) => JsonOutput.Write(terminal.Output, json =>
    {
        AnalysisJson.WriteName(json, "name", one.Name);
        if (NameDisplay.ToUnicode(NameDisplay.WithoutFinalDot(one.Name.ToString())) is { } unicode) json.WriteString("unicode", unicode);
        AnalysisJson.WriteName(json, "registrable_domain", one.RegistrableDomain);
        AnalysisJson.WriteName(json, "brand", one.Brand);
        json.WriteNumber("score", one.Score);
        json.WriteNumber("name_score", one.NameScore);
        json.WriteStartArray("signs");
        foreach (LookalikeSign sign in one.Signs) WriteSign(json, sign);
        json.WriteEndArray();
        json.WriteStartArray("factors");
        foreach (LookalikeFactor factor in one.Factors) WriteFactor(json, factor);
        json.WriteEndArray();
        json.WriteNumber("time_first", one.FirstSeen);
        json.WriteNumber("time_last", one.LastSeen);
        AnalysisJson.WriteEvidence(json, one.Evidence);
    });

    private static void WriteSign(Utf8JsonWriter json, LookalikeSign sign)
    {
        json.WriteStartObject();
        json.WriteString("class", Word(sign.Class));
        json.WriteNumber("strength", sign.Strength);
        json.WriteNumber("weight", sign.Weight);
        json.WriteString("detail", sign.Detail);
        json.WriteEndObject();
    }

    private static void WriteFactor(Utf8JsonWriter json, LookalikeFactor factor)
    {
        json.WriteStartObject();
        json.WriteString("circumstance", factor.Circumstance switch
        {
            LookalikeCircumstance.New => "new",
            LookalikeCircumstance.TakesMail => "takes_mail",
            LookalikeCircumstance.SharesWithSquat => "shares_with_squat",
            LookalikeCircumstance.SharesAddress => "shares_address",
            LookalikeCircumstance.SharesNameServers => "shares_name_servers",
            LookalikeCircumstance.SharesContact => "shares_contact",
            LookalikeCircumstance.SharesMailServer => "shares_mail_server",
            LookalikeCircumstance.Established => "established",
            _ => "popular",
        });
        json.WriteNumber("odds", factor.Odds);
        json.WriteString("detail", factor.Detail);
        json.WriteEndObject();
    }

    private static string Word(LookalikeClass kind) => kind switch
    {
        LookalikeClass.Homoglyph => "homoglyph",
        LookalikeClass.Typo => "typo",
        LookalikeClass.BitFlip => "bitflip",
        LookalikeClass.Combosquat => "combosquat",
        LookalikeClass.LevelSquat => "levelsquat",
        LookalikeClass.SuffixSwap => "suffix-swap",
        LookalikeClass.Hyphenation => "hyphenation",
        LookalikeClass.Plural => "plural",
        LookalikeClass.Homophone => "homophone",
        _ => "doppelganger",
    };
}
