namespace PassiveDns.Benchmarks.Hijacks;

/// <summary>A domain's delegation and hosts over time. Values of hosts are a type and data: <c>A 10.0.0.1</c>.</summary>
internal sealed class SimulatedDomain(string name, double born, double dies, string servers, string address, double rate)
{
    private const uint UsualTtl = 3600;
    private const uint ParentTtl = 86_400;

    private readonly Dictionary<string, double> _rates = [];

    public string Name { get; } = name;

    public double Born { get; } = born;

    public double Dies { get; } = dies;

    /// <summary>The address that it began with.</summary>
    public string Address { get; } = address;

    public SimulatedTimeline Servers { get; } = new(born, dies, servers, UsualTtl);

    /// <summary>The hosts by what stands before the domain: <c>www.</c>, and nothing for itself.</summary>
    public Dictionary<string, SimulatedTimeline> Hosts { get; } = [];

    /// <summary>The DS at the parent, or <c>null</c> for a zone that is not signed.</summary>
    public SimulatedTimeline? Ds { get; set; }

    /// <summary>The address of the zone's own server, by the parent and by the zone, or <c>null</c> if it has none.</summary>
    public SimulatedTimeline? Glue { get; set; }

    /// <summary>Told how often each stretch of a hijack was seen.</summary>
    public Action<int>? OnRogueSightings { get; set; }

    public void AddHost(string prefix, string at, double perDay)
    {
        Hosts.TryAdd(prefix, new(Born, Dies, "A " + at, UsualTtl));
        _rates[prefix] = perDay;
    }

    /// <summary>Publishes it: the parent's word, the zone's own, and the hosts.</summary>
    public void Publish(SightingDrafts drafts)
    {
        string parent = Name[(Name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        foreach ((double from, double to, string value, uint ttl, bool isRogue) in Servers.Stretches())
        {
            int seen = drafts.Publish(Name, "NS", value, parent, from, to, (0.6 * rate) + 0.02, ParentTtl) + drafts.Publish(Name, "NS", value, Name, from, to, 0.8 * rate, ttl);
            if (isRogue) OnRogueSightings?.Invoke(seen);
        }

        foreach ((double from, double to, string value, bool _) in Plain(Ds))
        {
            if (value.Length > 0) drafts.Publish(Name, "DS", value, parent, from, to, 0.4 * rate, ParentTtl);
        }

        foreach ((double from, double to, string value, bool isRogue) in Plain(Glue))
        {
            int seen = drafts.Publish("ns1." + Name, "A", value, parent, from, to, (0.6 * rate) + 0.02, ParentTtl) + drafts.Publish("ns1." + Name, "A", value, Name, from, to, 0.3 * rate, UsualTtl);
            if (isRogue) OnRogueSightings?.Invoke(seen);
        }

        foreach ((string prefix, SimulatedTimeline host) in Hosts)
        {
            foreach ((double from, double to, string value, uint ttl, bool isRogue) in host.Stretches())
            {
                string[] parts = value.Split(' ');
                int seen = drafts.Publish(prefix + Name, parts[0], parts[1], Name, from, to, _rates[prefix], ttl);
                if (isRogue) OnRogueSightings?.Invoke(seen);
            }
        }
    }

    private static IEnumerable<(double From, double To, string Value, bool IsRogue)> Plain(SimulatedTimeline? timeline) =>
        timeline is null ? [] : timeline.Stretches().Select(static stretch => (stretch.From, stretch.To, stretch.Value, stretch.IsRogue));
}
