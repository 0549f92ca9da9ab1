using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// Remembers whether a server speaks for a zone and for how long that is sure, so that the links of large zones (13 servers of com) are not walked
/// for every RRset. It forgets at will and holds only what stays true.
/// </summary>
internal sealed class VerdictMemo
{
    private const int Size = 4096;

    private readonly Entry[] _entries = new Entry[Size];

    /// <summary>Whether something is remembered about a zone and a server.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="server">The server.</param>
    /// <param name="serverHash">Its hash.</param>
    /// <param name="time">The time in question.</param>
    /// <param name="speaks">Whether the server speaks for the zone.</param>
    /// <param name="change">The change up to which that is known.</param>
    /// <param name="validity">The times for which it is known.</param>
    public bool TryFind(int zone, HostAddress server, int serverHash, long time, out bool speaks, out ulong change, out Validity validity)
    {
        ref readonly Entry entry = ref _entries[Index(zone, serverHash)];
        (speaks, change, validity) = (entry.Speaks, entry.Change, new(entry.From, entry.To));
        return entry.Zone == zone + 1 && time >= entry.From && time <= entry.To && entry.Server == server;
    }

    public void Keep(int zone, HostAddress server, int serverHash, bool speaks, ulong change, Validity validity) =>
        _entries[Index(zone, serverHash)] = new()
        {
            Zone = zone + 1, Server = server, Speaks = speaks, Change = change, From = validity.From, To = validity.To,
        };

    /// <summary>Sends for what is remembered about a zone and a server.</summary>
    public void Fetch(int zone, int serverHash)
    {
        ref readonly Entry entry = ref _entries[Index(zone, serverHash)];
        Prefetch.Line(in entry);
        Prefetch.Line(in entry.To); // it may lie across two lines
    }

    public void Clear() => Array.Clear(_entries);

    private static int Index(int zone, int serverHash) => (zone * 0x2545_F491 ^ serverHash) & (Size - 1);

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public HostAddress Server;
        public int Zone; // plus one: 0 is empty
        public bool Speaks;
        public ulong Change;
        public long From;
        public long To;
    }
}
