using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PassiveDns.Tool.Commands;

/// <summary>The help text, and examples behind it.</summary>
/// <param name="help">Writes the help text itself.</param>
internal sealed class ExamplesHelp(HelpAction help) : SynchronousCommandLineAction
{
    private const string ExitCodes = "Exit codes: 0 answered, 1 nothing known, 2 wrong use, 3 failed, 130 interrupted.";

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        output.WriteLine(Examples(parseResult.CommandResult.Command.Name));
        output.WriteLine();
        output.WriteLine(ExitCodes);
        return ExitCode.Answered;
    }

    private static string Examples(string verb) => verb switch
    {
        "import" => """
              pdns import capture.pcapng --store ./pdns --resolver 192.0.2.53
              pdns import *.pcap.gz --store ./pdns --resolvers resolvers.txt --sensor berlin-1
              pdns import *.pcap.gz --store ./pdns --resolvers resolvers.txt --sensor berlin-1 --resume    (after an interruption)
            """,
        "capture" => """
              pdns capture --interface eth0 --resolver 192.0.2.53 --store ./pdns
              pdns capture --interface tap0 --interface tap1 --promiscuous --resolvers resolvers.txt --sensor berlin-1 --for 24h
            """,
        "doctor" => """
              pdns doctor capture.pcapng --resolver 192.0.2.53
              pdns doctor capture.pcapng --name '*.example.com' --type MX
              pdns doctor capture.pcapng --packet 1203
              pdns doctor capture.pcapng --reason unsolicited --json
            """,
        "probe" => """
              pdns probe www.example.com --store ./pdns
              pdns probe example.com --type MX,TXT --store ./pdns
              pdns probe --watchlist names.txt --every 1h --store ./pdns     (until Ctrl-C)
            """,
        "zone" => """
              pdns zone se.zone.gz --origin se --at 2026-11-23 --sensor iis --store ./pdns
              pdns zone root.zone --origin . --store ./pdns
            """,
        "lookup" => """
              pdns lookup www.example.com --store ./pdns
              pdns lookup '*.example.com' --type A --type AAAA --from 2026-01-01 --to 2026-01-31
              pdns lookup 'www.example.*' --json
              pdns lookup bücher.example --all-types
            """,
        "names" => """
              pdns names --ip 192.0.2.80 --store ./pdns
              pdns names --ip 2001:db8::/48
              pdns names --ip 192.0.2.1-192.0.2.9
              pdns names --ns ns1.example.net
              pdns names --cname '*.cdn.example' --json
            """,
        "shared" => """
              pdns shared 192.0.2.80 --at 2026-02-09 --store ./pdns
              pdns shared 192.0.2.0/24 --from 2026-01-01 --to 2026-01-31 --networks networks.csv
              pdns shared www.example.com --json                  (the names that it shared addresses with)
            """,
        "uses" => """
              pdns uses ns1.example.net --store ./pdns
              pdns uses '*.mail.example' --as mx
              pdns uses 203.0.113.0/24 --from 2026-01-01          (zones whose name servers had an address there at the time)
              pdns uses example.com --like                        (zones served like this one)
            """,
        "new" => """
              pdns new --since 2026-01-05 --store ./pdns
              pdns new --since 2026-01-05 --kind host --under example.com
              pdns new --since 2026-01-05 --until 2026-01-06 --kind record --type NS --json
            """,
        "history" => """
              pdns history www.example.com --store ./pdns --networks networks.csv
              pdns history www.example.com --from 2026-01-01 --svg history.svg
              pdns history example.com --json
            """,
        "lookalikes" => """
              pdns lookalikes examplebank.com --store ./pdns
              pdns lookalikes --brands brands.txt --new-since 2026-11-25 --json
              pdns lookalikes examplebank.com --min-score 0       (everything that resembles it in any way)
            """,
        "hijacks" => """
              pdns hijacks --store ./pdns --from 2026-01-01 --to 2026-01-31 --networks networks.csv
              pdns hijacks --under example.com --kind delegation,record
              pdns hijacks --most 1000 --json
            """,
        "changes" => """
              pdns changes --under example.com --from 2026-02-09 --to 2026-02-12 --store ./pdns
              pdns changes --ip 203.0.113.0/24 --from 2026-02-01 --networks networks.csv
              pdns changes --watchlist names.txt --from 2026-02-09 --negatives negatives.ndjson --json
              pdns changes --from 2026-02-10T03:00 --to 2026-02-10T04:00         (all names of which something changed)
            """,
        "mail" => """
              pdns mail example.com --store ./pdns
              pdns mail example.com --at 2026-02-09
              pdns mail --under example --json
            """,
        "spf-authorises" => """
              pdns spf-authorises 203.0.113.7 --store ./pdns
              pdns spf-authorises 203.0.113.7 --at 2026-02-09 --json
            """,
        "dkim-key" => """
              pdns dkim-key 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b --store ./pdns
            """,
        "export" => """
              pdns export --store ./pdns > everything.ndjson
              pdns export --store ./pdns --provenance all --wire | gzip > everything.ndjson.gz
            """,
        "completion" => """
              source <(pdns completion bash)                       (in ~/.bashrc)
              source <(pdns completion zsh)                        (in ~/.zshrc, behind compinit)
              pdns completion fish > ~/.config/fish/completions/pdns.fish
            """,
        "stats" => """
              pdns stats --store ./pdns
              pdns stats --json
            """,
        "merge" => """
              pdns merge circl.ndjson.gz --store ./pdns --sensor circl
              pdns merge passivedns.log --provenance unverified --store ./pdns
              pdns merge --from-store ./pdns-berlin --store ./pdns
            """,
        "quarantine" or "list" or "release" => """
              pdns quarantine list ./quarantine
              pdns quarantine release ./quarantine --batch ID --store ./pdns
              pdns quarantine release ./quarantine --all --store ./pdns
            """,
        "privacy-report" => """
              pdns privacy-report --store ./pdns
              pdns privacy-report --min-sensors 2 --min-days 3 --json
            """,
        "verify" => """
              pdns verify ./pdns
              pdns verify /backup/pdns-2026-11-26 --json
            """,
        "backup" => """
              pdns backup /backup/pdns-2026-11-26 --store ./pdns
              pdns backup ./snapshot --link --store ./pdns
            """,
        "restore" => """
              pdns restore /backup/pdns-2026-11-26 --store ./pdns-new
              pdns restore /backup/pdns-2026-11-26 --deletions-of ./pdns-broken --store ./pdns-new
            """,
        "compact" => """
              pdns compact --store ./pdns
              pdns compact --max-rate 20MB --store ./pdns
            """,
        "retain" => """
              pdns retain --older-than 730d --dry-run --store ./pdns
              pdns retain --rule "ever name *.example.com" --rule "30d provenance unverified" --rule "90d type TXT,RRSIG" --older-than 730d
            """,
        "delete" => """
              pdns delete --subtree person.example --with-targets --dry-run --store ./pdns
              pdns delete --subtree person.example --with-targets --for-ever --note "case 17" --yes --compact
              pdns delete --sensor berlin-1 --from 2026-11-01 --to 2026-11-03 --yes
              pdns delete --list
            """,
        _ => """
              pdns import capture.pcapng --store ./pdns --resolver 192.0.2.53
              pdns lookup www.example.com --store ./pdns
              pdns names --ip 192.0.2.0/24 --store ./pdns
            """,
    };
}
