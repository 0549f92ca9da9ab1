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
}
