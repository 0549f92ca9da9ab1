using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// Remembers that a server speaks for a zone and for how long that is sure, so that the links of large zones (13 servers of com) are not walked
/// for every RRset. It forgets at will and holds only what stays true.
/// </summary>
internal sealed class VerdictMemo
{
    private const int Size = 2048;

    private readonly Entry[] _entries = new Entry[Size];

    public bool Holds(int zone, HostAddress server, int serverHash, long time)
    {
        ref readonly Entry entry = ref _entries[Index(zone, serverHash)];
        return entry.Zone == zone + 1 && time >= entry.From && time <= entry.To && entry.Server == server;
    }

    public void Keep(int zone, HostAddress server, int serverHash, long from, long to) =>
        _entries[Index(zone, serverHash)] = new() { Zone = zone + 1, Server = server, From = from, To = to };

    public void Clear() => Array.Clear(_entries);

    private static int Index(int zone, int serverHash) => (zone * 0x2545_F491 ^ serverHash) & (Size - 1);

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public int Zone; // plus one: 0 is empty
        public HostAddress Server;
        public long From;
        public long To;
    }
}
