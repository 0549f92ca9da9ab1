using System.CommandLine;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns mail</c>: what domains publish to authenticate their mail.</summary>
internal static class MailCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Argument<string?> name = new("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "A domain." };
        Option<string?> under = new("--under") { HelpName = "NAME", Description = "Instead of a domain: each one at and under a name that publishes anything." };
        Option<string?> negatives = VerbOptions.Negatives();
        AnalysisArguments arguments = new();
        const string Purpose = "Shows what domains publish to authenticate mail, as of a time: SPF with all that it includes, DKIM keys by selector, DMARC, MTA-STS, TLS-RPT and BIMI.";
        Command verb = new("mail", Purpose) { name, under, negatives };
        arguments.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            (string? one, string? all) = (parsed.GetValue(name), parsed.GetValue(under));
            if ((one is null) == (all is null)) throw ToolException.WrongUse("give a domain, or a name with --under");
            string text = (one ?? all)!;
            DomainName domain = VerbOptions.NameOf(text, all is null ? null : under.Name);
            MailQuery query = new(domain) { IncludeSubtree = all is not null, Window = arguments.AsOf(parsed) };
            AnalysisOptions options = arguments.Options(parsed, terminal);
            options = options with { Negatives = VerbOptions.NegativesOf(parsed.GetValue(negatives), WantedBy(domain, options)) };
            await using IObservationStore store = arguments.OpenStore(parsed, terminal);
            PagedTable table = new(terminal, ["domain", "what", "state", "last seen", "record"]);
            AnswerForm<MailAuthentication> form = new() { Json = found => MailOutput.WriteJson(terminal, found), Text = found => MailOutput.AddTo(table, found), Table = table };
            return await form.ShowAsync(terminal, arguments.WantsJson(parsed), new MailAuthentications(store, options).Find(query), $"mail authentication of {Visible.Quote(text)}", cancellationToken);
        });
        return verb;
    }

    /// <summary>Denials of what is under the registrable domain, where DMARC stands too, and of what it is under.</summary>
    private static Func<DomainName, bool> WantedBy(DomainName domain, AnalysisOptions options)
    {
        int labels = options.PublicSuffixes.RegistrableLabels(domain, includePrivate: true);
        DomainName top = labels == 0 ? domain : domain.Ancestor(labels);
        return name => name.IsAtOrUnder(top) || top.IsAtOrUnder(name);
    }
}
