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
            DomainName[] names = [.. (parsed.GetValue(brands) ?? []).Select(static text => VerbOptions.NameOf(text)), .. Listed(list.Name, parsed.GetValue(list))];
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
            return await Form(terminal).ShowAsync(terminal, arguments.WantsJson(parsed), answer, asked, cancellationToken);
        });
        return verb;
    }

    private static DomainName[] Listed(string option, string? file) => file is null ? [] : OptionFile.Read(option, file, BrandFile.Load);

    private static AnswerForm<Lookalike> Form(Terminal terminal)
    {
        PagedTable table = new(terminal, ["score", "name", "brand", "because", "first seen", "last seen"]);
        return new() { Json = one => WriteJson(terminal, one), Text = one => Add(table, one), Table = table };
    }

    private static void Add(PagedTable table, Lookalike one)
    {
        IEnumerable<string> because = one.Signs.Select(sign => $"{Word(sign.Class)} {Number(sign.Weight * sign.Strength)}: {sign.Detail}")
            .Concat(one.Factors.Select(factor => $"odds x {Number(factor.Odds)}: {factor.Detail}"));
        table.Add(
            Number(one.Score), NameDisplay.Format(one.Name), NameDisplay.Format(one.Brand), string.Join('\n', because),
            TimeText.Format(one.FirstSeen), TimeText.Format(one.LastSeen));
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
