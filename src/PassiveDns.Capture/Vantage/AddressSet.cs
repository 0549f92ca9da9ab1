using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace PassiveDns.Capture;

/// <summary>A fixed set of address ranges, made from prefixes. Looked up by raw octets, without allocating.</summary>
internal sealed class AddressSet
{
    private readonly (uint Low, uint High)[] _v4;
    private readonly (UInt128 Low, UInt128 High)[] _v6;

    public AddressSet(IEnumerable<IPNetwork> networks)
    {
        List<(uint, uint)> v4 = [];
        List<(UInt128, UInt128)> v6 = [];
        foreach (IPNetwork network in networks)
        {
            (IPAddress address, int length) = (network.BaseAddress, network.PrefixLength);
            if (address.IsIPv4MappedToIPv6 && length >= 96) (address, length) = (address.MapToIPv4(), length - 96);
            byte[] octets = address.GetAddressBytes();
            if (address.AddressFamily == AddressFamily.InterNetwork)
            {
                uint low = BinaryPrimitives.ReadUInt32BigEndian(octets);
                v4.Add((low, low | (length == 0 ? uint.MaxValue : (uint)((1UL << (32 - length)) - 1))));
            }
            else
            {
                UInt128 low = BinaryPrimitives.ReadUInt128BigEndian(octets);
                v6.Add((low, low | (length == 0 ? UInt128.MaxValue : (UInt128.One << (128 - length)) - 1)));
            }
        }

        _v4 = [.. Join(v4)];
        _v6 = [.. Join(v6)];
    }

    public bool IsEmpty => _v4.Length == 0 && _v6.Length == 0;

    public bool Contains(ReadOnlySpan<byte> address) => address.Length == 4
        ? Contains(_v4, BinaryPrimitives.ReadUInt32BigEndian(address))
        : Contains(_v6, BinaryPrimitives.ReadUInt128BigEndian(address));

    private static bool Contains<T>((T Low, T High)[] ranges, T value)
        where T : struct, IComparable<T>
    {
        (int low, int high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (value.CompareTo(ranges[middle].Low) < 0) high = middle - 1;
            else if (value.CompareTo(ranges[middle].High) > 0) low = middle + 1;
            else return true;
        }

        return false;
    }

    // Prefixes are disjoint or nested, so in the order of their starts a nested one follows the one that holds it.
    private static List<(T Low, T High)> Join<T>(List<(T Low, T High)> ranges)
        where T : struct, IComparable<T>
    {
        List<(T Low, T High)> joined = [];
        foreach ((T Low, T High) range in ranges.OrderBy(r => r.Low).ThenByDescending(r => r.High))
        {
            if (joined.Count == 0 || range.Low.CompareTo(joined[^1].High) > 0) joined.Add(range);
        }

        return joined;
    }
}
