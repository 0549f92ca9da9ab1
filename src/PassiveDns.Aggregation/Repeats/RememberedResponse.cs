using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>The fixed part of a response in the memo; its RRsets follow, then its octets without the id, then the zone the server was asked for.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RememberedResponse
{
    public HostAddress Server;
    public ulong Hash;

    /// <summary>The delegation cache's <see cref="DelegationCache.Change"/> when it was verified.</summary>
    public ulong Change;

    /// <summary>The times for which the same servers speak for the same zones.</summary>
    public Validity Validity;

    /// <summary><see cref="DelegationCache.Lessons"/> when it was verified, if its RRsets teach, else 0.</summary>
    public ulong Lessons;

    /// <summary>The times for which they teach nothing more.</summary>
    public Validity Learnt;

    public ushort MessageLength;
    public byte ZoneLength;
    public byte Rrsets;
    public ResponseFate Fate;
    public bool HasTrailingBytes;
}
