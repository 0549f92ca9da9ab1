using System.CommandLine;
using System.Net;
using PassiveDns.Capture;
using PassiveDns.Capture.Live;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary><c>pdns capture</c>: live traffic into a store.</summary>
internal static class CaptureCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="terminal">The surroundings.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string[]> interfaces = new("--interface") { HelpName = "NAME", Description = "A network interface to listen to; may be repeated. Several are one recording." };
        Option<string[]> dnstapSockets = new("--dnstap-socket") { HelpName = "PATH", Description = "A UNIX socket to make, to which DNS servers send dnstap; may be repeated." };
        Option<string[]> dnstapListeners = new("--dnstap-listen") { HelpName = "ADDRESS:PORT", Description = "A TCP port to open, to which DNS servers send dnstap; may be repeated." };
        Option<string[]> powerDnsListeners = new("--pdns-protobuf")
        {
            HelpName = "ADDRESS:PORT",
            Description = "A TCP port to open, to which PowerDNS Recursors send their messages (outgoingProtobufServer); may be repeated.",
        };
        Option<string?> delegations = VerbOptions.Delegations();
        Option<string?> duration = new("--for") { HelpName = "TIME", Description = "Ends after this time, such as 60s, 15m or 24h. Default: listens until it is stopped." };
        Option<string?> filter = new("--filter") { HelpName = "BPF", Description = "A filter of your own (pcap-filter(7)). Default: port 53 and fragments, also behind VLAN tags." };
        Option<bool> promiscuous = new("--promiscuous") { Description = "Captures packets for other hosts too, as a mirror port needs it." };
        Option<bool> drop = new("--drop-newest") { Description = "Drops and counts packets and what DNS servers send when the store does not keep up. Default: waits, and the kernel drops and counts." };
        Option<string?> window = new("--window") { HelpName = "TIME", Description = "How long sightings are summed before they are written. Default 1h." };
        VantageArguments vantage = new("Live capture needs at least one.");
        Option<string?> store = VerbOptions.Store();
        Option<string?> rootHints = VerbOptions.RootHints();
        Option<string> sensor = VerbOptions.Sensor();
        Option<bool> json = VerbOptions.Json("The whole account as one JSON object instead of a table.");
        const string Purpose =
            "Listens at a resolver and stores what authoritative servers answered, until it is stopped. No address of a client or of the resolver is kept.";
        Command verb = new("capture", Purpose) { interfaces, dnstapSockets, dnstapListeners, powerDnsListeners, duration, store };
        vantage.AddTo(verb);
        foreach (Option option in (Option[])[rootHints, delegations, sensor, filter, promiscuous, drop, window, json]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellationToken) =>
        {
            CaptureRequest request = new()
            {
                Store = VerbOptions.StoreOf(parsed, store, terminal),
                Sensor = VerbOptions.SensorOf(parsed, sensor),
                Duration = DurationText.Of("--for", parsed.GetValue(duration)),
                Window = DurationText.Of("--window", parsed.GetValue(window)),
                Json = parsed.GetValue(json),
                RootHints = parsed.GetValue(rootHints),
                Delegations = parsed.GetValue(delegations),
            };
            foreach (string name in parsed.GetValue(interfaces) ?? []) request.Live.Interfaces.Add(name);
            request.DnstapSockets.AddRange(parsed.GetValue(dnstapSockets) ?? []);
            foreach (string text in parsed.GetValue(dnstapListeners) ?? []) request.DnstapListeners.Add(EndPointOf("--dnstap-listen", text));
            foreach (string text in parsed.GetValue(powerDnsListeners) ?? []) request.PowerDnsListeners.Add(EndPointOf("--pdns-protobuf", text));
            request.Dnstap.WhenFull = parsed.GetValue(drop) ? DnstapQueuePolicy.DropNewest : DnstapQueuePolicy.Block;
            request.Live.Filter = parsed.GetValue(filter);
            request.Live.Promiscuous = parsed.GetValue(promiscuous);
            request.Live.WhenFull = parsed.GetValue(drop) ? FullBuffer.DropNewest : FullBuffer.Block;
            vantage.Fill(parsed, request.Vantage);
            return CaptureRun.RunAsync(request, terminal, cancellationToken);
        });
        return verb;
    }

    private static IPEndPoint EndPointOf(string option, string text) => IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && endPoint.Port > 0
        ? endPoint
        : throw ToolException.WrongUse($"{option}: '{Visible.OneLine(text)}' is no address with a port; write 127.0.0.1:6000 or [::1]:6000");
}
