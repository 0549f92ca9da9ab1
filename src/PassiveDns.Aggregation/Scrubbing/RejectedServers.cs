namespace PassiveDns.Aggregation;

/// <summary>
/// How many RRsets of each server were rejected, for the servers with the most: "space saving" (Metwally, Agrawal and El Abbadi, 2005). When there is no
/// room for another server, it takes the place and the number of the one with the least; so a number is too high by at most what it began with.
/// </summary>
internal sealed class RejectedServers
{
    private const int Capacity = 256;

    private readonly Dictionary<HostAddress, int> _places = new(Capacity);
    private readonly ServerRejections[] _servers = new ServerRejections[Capacity];

    public void Count(HostAddress server)
    {
        if (_places.TryGetValue(server, out int place))
        {
            _servers[place] = _servers[place] with { Rrsets = _servers[place].Rrsets + 1 };
            return;
        }

        place = _places.Count;
        long least = 0;
        if (place == Capacity)
        {
            place = 0;
            for (int i = 1; i < Capacity; i++)
            {
                if (_servers[i].Rrsets < _servers[place].Rrsets) place = i;
            }

            least = _servers[place].Rrsets;
            _places.Remove(_servers[place].Server);
        }

        _places.Add(server, place);
        _servers[place] = new(server, least + 1, least);
    }

    /// <summary>The servers, the one with the most first.</summary>
    public IReadOnlyList<ServerRejections> ToList() =>
        [.. _servers.Take(_places.Count).OrderByDescending(server => server.Rrsets).ThenBy(server => server.Server)];
}
