using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Aggregation;

/// <summary>Reads the content of a <see cref="DelegationSnapshot"/> and believes none of it: a checksum keeps out damage, not malice.</summary>
internal ref struct DelegationSnapshotReader(ReadOnlySpan<byte> content)
{
    private const int MinEntryLength = 3; // the root and no link
    private const long MaxTime = 1L << 40;

    private ReadOnlySpan<byte> _rest = content;

    public bool TryRead([NotNullWhen(true)] out List<DelegationSnapshot.Server>? servers, [NotNullWhen(true)] out List<DelegationSnapshot.Zone>? zones)
    {
        (servers, zones) = (null, null);
        if (!TryRead32(out int serverCount) || !TryRead32(out int zoneCount)) return false;
        if ((long)serverCount + zoneCount > _rest.Length / MinEntryLength) return false; // before anything is allocated for them
        List<DelegationSnapshot.Server> readServers = new(serverCount);
        for (int i = 0; i < serverCount; i++)
        {
            if (!TryReadName(out DomainName name, out int links)) return false;
            (HostAddress, long, long)[] addresses = new (HostAddress, long, long)[links];
            for (int k = 0; k < links; k++)
            {
                if (_rest.IsEmpty || _rest[0] is not (4 or 16) || _rest.Length < 1 + _rest[0]) return false;
                HostAddress address = HostAddress.FromBytes(_rest.Slice(1, _rest[0]));
                _rest = _rest[(1 + _rest[0])..];
                if (!TryReadTimes(out long first, out long last)) return false;
                addresses[k] = (address, first, last);
            }

            readServers.Add(new(name, addresses));
        }

        List<DelegationSnapshot.Zone> readZones = new(zoneCount);
        for (int i = 0; i < zoneCount; i++)
        {
            if (!TryReadName(out DomainName name, out int links)) return false;
            (int, long, long)[] of = new (int, long, long)[links];
            for (int k = 0; k < links; k++)
            {
                if (!TryRead32(out int server) || server >= serverCount || !TryReadTimes(out long first, out long last)) return false;
                of[k] = (server, first, last);
            }

            readZones.Add(new(name, of));
        }

        (servers, zones) = (readServers, readZones);
        return _rest.IsEmpty;
    }

    private bool TryRead32(out int value)
    {
        value = 0;
        if (_rest.Length < 4) return false;
        value = BinaryPrimitives.ReadInt32BigEndian(_rest);
        _rest = _rest[4..];
        return value >= 0;
    }

    private bool TryReadTimes(out long first, out long last)
    {
        (first, last) = (0, 0);
        if (_rest.Length < 16) return false;
        first = BinaryPrimitives.ReadInt64BigEndian(_rest);
        last = BinaryPrimitives.ReadInt64BigEndian(_rest[8..]);
        _rest = _rest[16..];
        return first >= -MaxTime && first <= last && last <= MaxTime;
    }

    /// <summary>A name and how many links follow it. A name that is not in canonical form would never be found again, so it is refused.</summary>
    private bool TryReadName(out DomainName name, out int links)
    {
        (name, links) = (default, 0);
        if (_rest.Length < 2 || _rest.Length < 2 + _rest[0]) return false;
        ReadOnlySpan<byte> wire = _rest.Slice(1, _rest[0]);
        if (!DomainName.TryFromWire(wire, out name) || !name.Wire.SequenceEqual(wire)) return false;
        links = _rest[1 + wire.Length];
        _rest = _rest[(2 + wire.Length)..];
        return links <= DelegationCache.MaxLinks;
    }
}
