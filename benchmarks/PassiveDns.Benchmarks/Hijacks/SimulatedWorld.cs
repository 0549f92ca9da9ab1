using PassiveDns.Storage;

namespace PassiveDns.Benchmarks.Hijacks;

/// <summary>
/// Half a year of a few ten thousand domains as one sensor saw it, with everything benign that resembles hijacks, and hijacks put into it. The same seed gives the
/// same world. The mix is judgement, on the hard side: a third of the domains does something that resembles a hijack.
/// </summary>
internal sealed class SimulatedWorld
{
    public const int Days = 180;

    private const long Start = 1_767_225_600; // 2026-01-01
    private const int RowsPerBatch = 20_000;
    private const double HistoryBeforeHijacks = 70;

    private static readonly string[] s_tops = ["com", "net", "org", "info"];
    private static readonly string[] s_hosts = ["blog", "shop", "vpn", "api", "dev", "remote", "portal", "static", "webmail", "img"];

    private readonly Random _random;
    private readonly int _domains;
    private readonly int _hijacks;
    private readonly SightingDrafts _drafts;
    private readonly Dictionary<int, Plan> _plans = [];
    private readonly Dictionary<string, (double At, string To)> _renumbered = [];
    private ObservationRows _rows = new();
    private ulong _batches;

    public SimulatedWorld(int seed, int domains, int hijacks)
    {
        _random = new(seed);
        (_domains, _hijacks) = (domains, hijacks);
        _drafts = new(_random, Start);
        Hosters = new(_random);
    }

    public SimulatedHosters Hosters { get; }

    public List<InjectedHijack> Injected { get; } = [];

    /// <summary>How many names were seen.</summary>
    public long Names { get; private set; }

    /// <summary>Writes the world into a store.</summary>
    public async Task WriteAsync(IObservationStore store)
    {
        PlanRenumbering();
        PlanHijacks();
        PublishServers();
        await FlushAsync(store, all: false).ConfigureAwait(false);
        for (int i = 0; i < _domains; i++)
        {
            Publish(i);
            await FlushAsync(store, all: false).ConfigureAwait(false);
        }

        await FlushAsync(store, all: true).ConfigureAwait(false);
    }

    private void PlanRenumbering()
    {
        for (int i = 0; i < 8; i++)
        {
            int hoster = _random.Next(60);
            _renumbered[Hosters.Shared(hoster)] = (Between(20, 160), Hosters.Shared(hoster + 100));
        }
    }

    /// <summary>Half of the hijacks stand alone, the others come in campaigns of two to five with the same infrastructure within a month.</summary>
    private void PlanHijacks()
    {
        for (int planned = 0, campaign = 0; planned < _hijacks; campaign++)
        {
            int victims = Math.Min(_hijacks - planned, campaign % 7 < 5 ? 1 : 2 + _random.Next(4));
            double first = Between(HistoryBeforeHijacks, Days - 40);
            string servers = $"ns1.rogue{campaign}.net.|ns2.rogue{campaign}.net.", address = Hosters.Rental(), serverAddress = Hosters.Rental();
            bool isDelegation = campaign % 2 == 0;
            for (int i = 0; i < victims; i++)
            {
                int victim = _random.Next(_domains);
                while (_plans.ContainsKey(victim)) victim = _random.Next(_domains);
                double length = Math.Exp(Between(Math.Log(2.0 / 24), Math.Log(7))); // 2 hours to 7 days, short ones as often as long ones
                _plans.Add(victim, new(isDelegation, isDelegation && _random.Next(4) == 0, first + (victims == 1 ? 0 : Between(0, 30)), length, servers, address, serverAddress));
            }

            if (isDelegation)
            {
                foreach (string server in servers.Split('|')) _drafts.Publish(server, "A", serverAddress, $"rogue{campaign}.net", first - Between(0, 10), Days, 2, 300);
            }

            planned += victims;
        }
    }

    private void PublishServers()
    {
        for (int i = 0; i < SimulatedHosters.Hosters; i++) PublishServers(SimulatedHosters.HosterServers(i), $"hoster{i}.net", Hosters.Dedicated(i));
        for (int i = 0; i < SimulatedHosters.NameOperators; i++)
        {
            for (int pair = 0; pair < (i < 10 ? 60 : 1); pair++) PublishServers(Hosters.OperatorServers(i), $"dns{i}.net", Hosters.Dedicated(i));
        }

        for (int i = 0; i < SimulatedHosters.Parkings; i++) PublishServers(SimulatedHosters.ParkingServers(i), $"parking{i}.net", Hosters.Parking(i));
    }

    private void PublishServers(string servers, string zone, string address)
    {
        foreach (string server in servers.Split('|')) _drafts.Publish(server, "A", address, zone, 0, Days, 1, 86_400);
    }

    private void Publish(int index)
    {
        string name = $"d{index}.{s_tops[index % s_tops.Length]}";
        _plans.TryGetValue(index, out Plan? plan);
        double born = plan is null && _random.Next(10) == 0 ? Between(0, Days) : 0, dies = plan is null && _random.Next(33) == 0 ? Between(born, Days) : Days;
        double rate = 0.6 * Math.Exp(1.5 * Gauss());
        int hoster = Hosters.AnyHoster();
        string servers = _random.Next(2) == 0 ? SimulatedHosters.HosterServers(hoster) : Hosters.OperatorServers(Hosters.AnyOperator());
        string address = _random.Next(10) < 6 ? Hosters.Shared(hoster) : Hosters.Dedicated(hoster);
        if (plan is null && _random.Next(200) == 0)
        {
            _drafts.Publish(name, "NS", $"ns1.gone{_random.Next(100)}.net.", name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..], born, dies, rate, 86_400); // a lame delegation
            return;
        }

        bool ownServer = plan is { IsDelegation: true, IsByGlue: true } || _random.Next(20) == 0;
        if (ownServer) servers = $"ns1.{name}.|ns9.hoster{hoster}.net.";
        SimulatedDomain domain = new(name, born, dies, servers, address, rate);
        if (ownServer) domain.Glue = new(born, dies, Hosters.Dedicated(hoster), 3600);
        if (_random.Next(10) == 0) domain.Ds = new(born, dies, $"{index % 65_536} 13 2 {index:x64}", 86_400);
        domain.AddHost("", address, rate);
        if (_random.Next(20) > 0) domain.AddHost("www.", address, rate * Math.Exp(0.5 * Gauss()));
        if (_random.Next(10) < 6) domain.AddHost("mail.", _random.Next(2) == 0 ? address : Hosters.Shared(hoster), rate * Math.Exp(Gauss()));
        foreach (string host in s_hosts)
        {
            if (_random.Next(7) == 0) domain.AddHost(host + ".", _random.Next(3) == 0 ? Hosters.Dedicated(hoster) : address, 0.5 * rate * Math.Exp(Gauss()));
        }

        foreach (SimulatedTimeline host in domain.Hosts.Values)
        {
            if (_renumbered.TryGetValue(host.ValueAt(born)[2..], out (double At, string To) moved) && moved.At > born) host.Set(moved.At, "A " + moved.To);
        }

        if (plan is null) new BenignLife(_random, Hosters, hoster).Live(domain);
        else Inject(domain, plan);
        domain.Publish(_drafts);
    }

    private void Inject(SimulatedDomain domain, Plan plan)
    {
        InjectedHijack hijack = new(DomainName.Parse(domain.Name), plan.IsDelegation, Start + (long)(plan.At * 86_400), Start + (long)((plan.At + plan.Length) * 86_400));
        Injected.Add(hijack);
        domain.OnRogueSightings = seen => hijack.Sightings += seen;
        string[] targets = [.. domain.Hosts.Keys.OrderBy(_ => _random.Next()).Take(plan.IsDelegation ? 3 : 1 + _random.Next(2))];
        if (plan.IsDelegation && plan.IsByGlue) domain.Glue!.Detour(plan.At, plan.Length, plan.ServerAddress, 3600, isRogue: true);
        else if (plan.IsDelegation) domain.Servers.Detour(plan.At, plan.Length, plan.Servers, Hosters.AnyTtl(), isRogue: true);
        if (plan.IsDelegation) domain.Ds?.Detour(plan.At, plan.Length, "", 86_400); // else those who validate would notice
        foreach (string target in targets) domain.Hosts[target].Detour(plan.At, plan.Length, "A " + plan.Address, Hosters.AnyTtl(), isRogue: true);
    }

    private async Task FlushAsync(IObservationStore store, bool all)
    {
        Names += _drafts.MoveTo(_rows);
        if (_rows.Count < (all ? 1 : RowsPerBatch)) return;
        await store.WriteAsync(new(new(new("simulated"), 1, ++_batches), _rows)).ConfigureAwait(false);
        _rows = new();
    }

    private double Between(double from, double to) => from + (_random.NextDouble() * (to - from));

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private sealed record Plan(bool IsDelegation, bool IsByGlue, double At, double Length, string Servers, string Address, string ServerAddress);
}
