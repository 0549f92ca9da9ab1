using FsCheck.Xunit;

namespace PassiveDns.Tests;

public class NameKeyTests
{
    [Theory]
    [InlineData(".", "00")]
    [InlineData("example.com", "636f6d00 6578616d706c6500 00")]
    [InlineData(@"\000\001\002", "0101 0102 02 00 00")]
    public void Keys_look_as_documented(string name, string key) => Assert.Equal(TestData.Hex(key), Key(DomainName.Parse(name)));

    [Fact]
    public void The_longest_key_has_505_octets()
    {
        byte[] wire = [63, .. new byte[63], 63, .. new byte[63], 63, .. new byte[63], 61, .. new byte[61], 0];
        Assert.True(DomainName.TryFromWire(wire, out DomainName name));
        Assert.Equal(505, Key(name).Length);
        Assert.Equal(name, Read(Key(name)));
    }

    [Property(Arbitrary = [typeof(Arbitraries)], Replay = "5,7", MaxTest = 3000)]
    public void Keys_are_read_back(DomainName name)
    {
        byte[] key = Key(name);
        Assert.InRange(key.Length, 1, 505);
        Assert.Equal(name, Read([.. key, 1, 2, 3]));
        for (int length = 0; length < key.Length; length++) Assert.Equal(-1, NameKey.Read(key.AsSpan(0, length), new byte[255], out _));
    }

    [Property(Arbitrary = [typeof(Arbitraries)], Replay = "5,9", MaxTest = 3000)]
    public void Byte_order_is_the_canonical_order_of_names(DomainName left, DomainName right) =>
        Assert.Equal(DomainNameTests.CompareLabels(left, right), Math.Sign(Key(left).AsSpan().SequenceCompareTo(Key(right))));

    [Property(Arbitrary = [typeof(Arbitraries)], Replay = "5,11", MaxTest = 3000)]
    public void A_subtree_is_a_prefix(DomainName name, DomainName other)
    {
        DomainName ancestor = other.LabelCount == 0 || name.LabelCount == 0 ? other : name.Ancestor(other.Wire.Length % (name.LabelCount + 1));
        foreach (DomainName top in new[] { ancestor, other })
        {
            byte[] prefix = Key(top)[..^1];
            Assert.Equal(name.IsAtOrUnder(top), Key(name).AsSpan().StartsWith(prefix));
        }
    }

    [Property(Replay = "5,13", MaxTest = 5000)]
    public void Any_octets_are_read_or_refused(byte[] octets)
    {
        byte[] room = new byte[255];
        int length = NameKey.Read(octets, room, out int keyLength);
        if (length < 0) return;
        Assert.True(DomainName.TryFromWire(room.AsSpan(0, length), out _));
        byte[] key = new byte[NameKey.MaxLength];
        Assert.Equal(octets[..keyLength], key[..NameKey.Write(room.AsSpan(0, length), key)]);
    }

    private static byte[] Key(DomainName name)
    {
        byte[] key = new byte[NameKey.MaxLength];
        return key[..NameKey.Write(name.Wire, key)];
    }

    private static DomainName Read(byte[] key)
    {
        byte[] wire = new byte[DomainName.MaxWireLength];
        int length = NameKey.Read(key, wire, out _);
        Assert.True(DomainName.TryFromWire(wire.AsSpan(0, length), out DomainName name));
        return name;
    }
}
