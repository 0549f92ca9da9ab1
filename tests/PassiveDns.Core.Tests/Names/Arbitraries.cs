using FsCheck;
using FsCheck.Fluent;

namespace PassiveDns.Tests;

/// <summary>Random values for properties, dense where the rules have their corners.</summary>
public static class Arbitraries
{
    private static readonly Gen<byte> s_octet = Gen.Frequency(
        (4, Gen.Choose('a', 'd').Select(b => (byte)b)),
        (2, Gen.Elements<byte>(0, 1, 2, 0x20, (byte)'.', (byte)'\\', (byte)'"', (byte)'@', (byte)'A', (byte)'Z', (byte)'[', 0x7F, 0x80, 0xC1, 0xFF)),
        (1, Gen.Choose(0, 255).Select(b => (byte)b)));

    private static readonly Gen<byte[]> s_label =
        Gen.Frequency((6, Gen.Choose(1, 3)), (1, Gen.Choose(1, 63)), (1, Gen.Constant(63))).SelectMany(length => s_octet.ArrayOf(length));

    /// <summary>Names of 0 to 127 labels that fill up to 255 octets; few letters, so that equal labels and prefixes are common.</summary>
    public static Arbitrary<DomainName> Names() => Gen.Frequency((6, Gen.Choose(0, 4)), (1, Gen.Choose(0, 127)))
        .SelectMany(count => s_label.ArrayOf(count))
        .Select(labels =>
        {
            List<byte> wire = [];
            foreach (byte[] label in labels)
            {
                if (wire.Count + label.Length + 2 > DomainName.MaxWireLength) continue;
                wire.Add((byte)label.Length);
                wire.AddRange(label);
            }

            wire.Add(0);
            Assert.True(DomainName.TryFromWire(wire.ToArray(), out DomainName name));
            return name;
        }).ToArbitrary();

    /// <summary>Histories with intervals that are often close to the gap of 48 hours.</summary>
    public static Arbitrary<SightingHistory> Histories()
    {
        Gen<(long Silence, long Length, long Count)> step = Gen.Choose(0, 6).Select(days => days * 43_200L + 1)
            .SelectMany(silence => Gen.Choose(0, 90_000).SelectMany(length => Gen.Choose(0, 1000).Select(count => (silence, (long)length, (long)count))));
        Gen<uint> witness = Gen.Choose(0, 20).Select(n => (uint)n * 0x0C00_0001u);
        return step.NonEmptyListOf().SelectMany(steps => Gen.Choose(0, 2_000_000).SelectMany(start => witness.ListOf()
            .SelectMany(witnesses => Gen.Choose(0, 3600).Two().SelectMany(ttl => Gen.Elements(true, false)
                .SelectMany(hasTtl => Foldings().Select(folding => Fold(Make(steps, start, witnesses, ttl.Item1, ttl.Item2, hasTtl), folding.Kind, folding.Names))))))).ToArbitrary();
    }

    /// <summary>Mostly nothing folded; else any flags, and as many names as make packed sketches of both forms.</summary>
    private static Gen<(SightingFolding Kind, int Names)> Foldings() => Gen.Frequency(
        (3, Gen.Constant((SightingFolding.None, 0))),
        (2, Gen.Choose(1, 15).SelectMany(kind => Gen.Elements(1, 2, 30, 480, 500, 3000).Select(names => ((SightingFolding)kind, names)))));

    private static SightingHistory Fold(SightingHistory history, SightingFolding kind, int names)
    {
        if ((kind & SightingFolding.Names) == 0) return history with { Folding = kind };
        NameSketch sketch = new();
        long seed = history.FirstSeen % 3; // some share names, some do not
        for (int i = 0; i < names; i++) sketch.Add(DomainName.Parse($"n{seed * 1000 + i}.example").Wire);
        byte[] packed = new byte[NameSketch.MaxPackedLength];
        return history with { Folding = kind, PackedNames = [.. packed.AsSpan(0, sketch.Pack(packed))] };
    }

    private static SightingHistory Make(IEnumerable<(long Silence, long Length, long Count)> steps, long at, IEnumerable<uint> witnesses, int a, int b, bool hasTtl)
    {
        List<SightingInterval> intervals = [];
        foreach ((long silence, long length, long count) in steps.Take(12))
        {
            // what a store keeps: neighbours are further apart than its gap
            at += intervals.Count == 0 ? silence : silence + (long)SightingHistory.DefaultIntervalGap.TotalSeconds;
            intervals.Add(new(at, at + length, count));
            at += length;
        }

        return new()
        {
            Intervals = [.. intervals],
            Witnesses = [.. witnesses.Distinct().Order().Take(SightingHistory.MaxWitnesses)],
            MinTimeToLive = hasTtl ? (uint)Math.Min(a, b) : null,
            MaxTimeToLive = hasTtl ? (uint)Math.Max(a, b) : null,
        };
    }
}
