namespace PassiveDns.Benchmarks.Hijacks;

/// <summary>What becomes of domains that nobody hijacks.</summary>
internal sealed class BenignLife(Random random, SimulatedHosters hosters, int hoster)
{
    /// <summary>Lets a domain live: most stay as they are.</summary>
    public void Live(SimulatedDomain domain)
    {
        double at = Between(domain.Born, domain.Dies);
        if (domain.Glue is { } glue && random.Next(10) == 0) glue.Set(at, hosters.Dedicated(hosters.AnyHoster())); // its own server moves
        if (domain.Ds is { } ds && random.Next(10) == 0) ds.Detour(at, Between(0.5, 5), "", 86_400); // signing is broken and repaired
        switch (random.Next(1000))
        {
            case < 60: // moves to another hoster, its servers often with it
                int other = hosters.AnyHoster();
                MoveHosts(domain, at, hosters.Shared(other));
                if (random.Next(10) < 6) domain.Servers.Set(at, SimulatedHosters.HosterServers(other));
                break;
            case < 90: // moves through an interim machine
                MoveHosts(domain, at + Between(0.2, 5), hosters.Dedicated(hosters.AnyHoster()));
                Detour(domain, at, Between(0.2, 5), "A " + hosters.Rental());
                break;
            case < 140: // migrates its name servers
                domain.Servers.Set(at, hosters.OperatorServers(hosters.AnyOperator()));
                break;
            case < 150: // tries other name servers for days
                domain.Servers.Detour(at, Between(1, 5), hosters.OperatorServers(hosters.AnyOperator()), hosters.AnyTtl());
                break;
            case < 170: // lapses, is parked, and is renewed
                Park(domain, at, Between(1, 10));
                break;
            case < 200: // lapses for good
                Park(domain, at, SimulatedWorld.Days);
                break;
            case < 220: // fails over to a standby, up to three times
                string standby = random.Next(2) == 0 ? hosters.Dedicated(hoster) : hosters.Dedicated(hosters.AnyHoster());
                for (int i = random.Next(3); i >= 0; i--) Detour(domain, Between(domain.Born, domain.Dies), Between(0.04, 1), "A " + standby);
                break;
            case < 230: // has attacks scrubbed away
                domain.Hosts.GetValueOrDefault("www.")?.Detour(at, Between(1, 10), Scrubbed(domain), hosters.AnyTtl());
                break;
            case < 270: // is on a content network
                Rotate(domain);
                break;
            case < 290: // has a dynamic address
                domain.AddHost("home.", hosters.Dedicated(hoster), 1);
                for (double day = domain.Born; day < domain.Dies; day += Between(1, 5)) domain.Hosts["home."].Set(day, "A " + hosters.Dedicated(hoster));
                break;
            case < 300: // gets a further name server
                domain.Servers.Set(at, domain.Servers.ValueAt(at) + $"|ns1.dns{hosters.AnyOperator()}.net.");
                break;
            case < 302: // is tested on a rented machine, and put back: nothing but the owner tells it from a hijack
                Detour(domain, at, Between(0.1, 2), "A " + hosters.Rental());
                break;
            case < 304: // tries the name servers of somebody small for days
                domain.Servers.Detour(at, Between(1, 5), $"ns1.small{random.Next(1_000_000)}.net.", hosters.AnyTtl());
                break;
            case < 312: // has all its attacks scrubbed away
                domain.Hosts.GetValueOrDefault("www.")?.Set(domain.Born, Scrubbed(domain));
                break;
            case < 317: // has its mail filtered for days
                domain.Hosts.GetValueOrDefault("mail.")?.Detour(at, Between(1, 10), "A " + hosters.Filter(random.Next(SimulatedHosters.Scrubbers)), hosters.AnyTtl());
                break;
            case < 318: // its own server fails over
                domain.Glue?.Detour(at, Between(0.1, 3), hosters.Dedicated(hosters.AnyHoster()), 3600);
                break;
            case < 328: // has its mail filtered
                domain.Hosts.GetValueOrDefault("mail.")?.Set(domain.Born, "A " + hosters.Filter(random.Next(SimulatedHosters.Scrubbers)));
                break;
        }
    }

    private string Scrubbed(SimulatedDomain domain) =>
        random.Next(2) == 0 ? "A " + hosters.Scrubbing(random.Next(SimulatedHosters.Scrubbers)) : $"CNAME {domain.Name}.scrub{random.Next(SimulatedHosters.Scrubbers)}.net.";

    private void Park(SimulatedDomain domain, double at, double length)
    {
        int parking = random.Next(SimulatedHosters.Parkings);
        domain.Servers.Detour(at, length, SimulatedHosters.ParkingServers(parking), hosters.AnyTtl());
        foreach (SimulatedTimeline host in domain.Hosts.Values) host.Detour(at, length, "A " + hosters.Parking(parking), hosters.AnyTtl());
    }

    private void Rotate(SimulatedDomain domain)
    {
        int network = random.Next(SimulatedHosters.ContentNetworks);
        if (!domain.Hosts.TryGetValue("www.", out SimulatedTimeline? www)) return;
        for (double day = domain.Born; day < domain.Dies; day += Between(0.1, 2)) www.Set(day, "A " + hosters.Content(network));
    }

    private static void MoveHosts(SimulatedDomain domain, double at, string address)
    {
        foreach (SimulatedTimeline host in domain.Hosts.Values)
        {
            if (host.ValueAt(at) == "A " + domain.Address) host.Set(at, "A " + address);
        }
    }

    private void Detour(SimulatedDomain domain, double at, double length, string value)
    {
        uint ttl = hosters.AnyTtl();
        foreach (string prefix in (string[])["", "www."])
        {
            if (domain.Hosts.TryGetValue(prefix, out SimulatedTimeline? host)) host.Detour(at, length, value, ttl);
        }
    }

    private double Between(double from, double to) => from + (random.NextDouble() * (to - from));
}
