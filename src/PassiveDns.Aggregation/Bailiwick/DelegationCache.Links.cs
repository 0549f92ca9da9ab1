using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <remarks>The index from zones to servers and from servers to addresses: chains of links through two arrays, the newest in front.</remarks>
internal sealed partial class DelegationCache
{
    private ServerLink[] _servers = new ServerLink[1024];
    private AddressLink[] _addresses = new AddressLink[1024];
    private int _serverCount;
    private int _addressCount;

    private int FindServer(int zone, int server)
    {
        for (int i = _nodes[zone].FirstServer; i >= 0; i = _servers[i].Next)
        {
            if (_servers[i].Server == server) return i;
        }

        return -1;
    }

    private int FindAddress(int server, HostAddress address)
    {
        for (int i = _nodes[server].FirstAddress; i >= 0; i = _addresses[i].Next)
        {
            if (_addresses[i].Address == address) return i;
        }

        return -1;
    }

    /// <summary>Whether a zone has so many servers, all seen just now, that another one is not taken in: sets that rotate must not throw each other out.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="time">The time.</param>
    /// <param name="times">The times for which that is so.</param>
    private bool IsCrowded(int zone, long time, out Validity times)
    {
        int count = 0;
        long oldest = Forever;
        for (int i = _nodes[zone].FirstServer; i >= 0; i = _servers[i].Next, count++) oldest = Math.Min(oldest, _servers[i].Last);
        return IsCrowd(count, oldest, time, out times);
    }

    /// <summary>The same of the addresses of a server.</summary>
    private bool AreCrowded(int server, long time, out Validity times)
    {
        int count = 0;
        long oldest = Forever;
        for (int i = _nodes[server].FirstAddress; i >= 0; i = _addresses[i].Next, count++) oldest = Math.Min(oldest, _addresses[i].Last);
        return IsCrowd(count, oldest, time, out times);
    }

    private static bool IsCrowd(int count, long oldest, long time, out Validity times)
    {
        times = new(long.MinValue, oldest + Repetition - 1);
        return count >= MaxLinks && times.Contains(time);
    }

    private void AddServer(int zone, int server, long first, long last)
    {
        NoteServerName(server);
        int count = 0;
        int oldest = -1;
        for (int i = _nodes[zone].FirstServer; i >= 0; i = _servers[i].Next, count++)
        {
            if (oldest < 0 || _servers[i].Last < _servers[oldest].Last) oldest = i;
        }

        if (count >= MaxLinks)
        {
            for (int i = _nodes[_servers[oldest].Server].FirstAddress; i >= 0; i = _addresses[i].Next) NoteLost(_addresses[i].Address);
            _lessons.Clear();
            _servers[oldest] = new() { Server = server, Next = _servers[oldest].Next, First = first, Last = last };
            return;
        }

        if (_serverCount == _servers.Length) Array.Resize(ref _servers, 2 * _serverCount);
        _servers[_serverCount] = new() { Server = server, Next = _nodes[zone].FirstServer, First = first, Last = last };
        _nodes[zone].FirstServer = _serverCount++;
    }

    private void AddAddress(int server, HostAddress address, long first, long last)
    {
        int count = 0;
        int oldest = -1;
        for (int i = _nodes[server].FirstAddress; i >= 0; i = _addresses[i].Next, count++)
        {
            if (oldest < 0 || _addresses[i].Last < _addresses[oldest].Last) oldest = i;
        }

        if (count >= MaxLinks)
        {
            NoteLost(_addresses[oldest].Address);
            _lessons.Clear();
            _addresses[oldest] = new() { Address = address, Next = _addresses[oldest].Next, First = first, Last = last };
            return;
        }

        if (_addressCount == _addresses.Length) Array.Resize(ref _addresses, 2 * _addressCount);
        _addresses[_addressCount] = new() { Address = address, Next = _nodes[server].FirstAddress, First = first, Last = last };
        _nodes[server].FirstAddress = _addressCount++;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct ServerLink
    {
        public int Server;
        public int Next;
        public long First;
        public long Last;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct AddressLink
    {
        public HostAddress Address;
        public int Next;
        public long First;
        public long Last;
    }
}
