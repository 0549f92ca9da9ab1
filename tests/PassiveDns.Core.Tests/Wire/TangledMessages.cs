namespace PassiveDns.Tests;

/// <summary>Messages whose names, in owners and in rdata, lean on each other in every way that fits, and now and then in one that does not.</summary>
internal static class TangledMessages
{
    private static readonly (RecordType Type, int Lead, int Names, int Trail)[] s_shapes =
    [
        (RecordType.NS, 0, 1, 0), (RecordType.CNAME, 0, 1, 0), (RecordType.DNAME, 0, 1, 0), (RecordType.MX, 2, 1, 0), (RecordType.SOA, 0, 2, 20),
        (RecordType.SRV, 6, 1, 0), (RecordType.KX, 2, 1, 0), (RecordType.RP, 0, 2, 0), (RecordType.PX, 2, 2, 0), (RecordType.RRSIG, 18, 1, 9),
        (RecordType.NSEC, 0, 1, 3), (RecordType.HTTPS, 2, 1, 0), (RecordType.TALINK, 0, 2, 0), (RecordType.LP, 2, 1, 0), (RecordType.DSYNC, 5, 1, 0),
        (RecordType.HIP, 6, 3, 0), (RecordType.IPSECKEY, 3, 1, 2), (RecordType.NAPTR, 7, 1, 0), (RecordType.A, 4, 0, 0), (RecordType.TXT, 3, 0, 0),
        (RecordType.DS, 36, 0, 0), ((RecordType)65_280, 5, 0, 0), (RecordType.OPT, 0, 0, 0), (RecordType.TA, 24, 0, 0),
    ];

    public static byte[] Make(Random random)
    {
        MessageBuilder message = new();
        List<int> names = [];
        if (random.Next(4) > 0)
        {
            names.Add(message.Position);
            message.Raw(Name(message.Position, names, random)).Raw(0, 1, 0, 1).Patch(4, 1);
        }

        DnsSection section = DnsSection.Answer;
        for (int left = random.Next(1, 7); left > 0; left--)
        {
            if (section < DnsSection.Additional && random.Next(3) == 0) section++;
            (RecordType type, int lead, int count, int trail) = s_shapes[random.Next(s_shapes.Length)];
            int start = message.Position;
            byte[] owner = type == RecordType.OPT && random.Next(8) > 0 ? [0] : Name(start, names, random);
            names.Add(start);
            List<byte> data = [.. Octets(lead, random)];
            for (; count > 0; count--)
            {
                int at = start + owner.Length + 10 + data.Count;
                data.AddRange(Name(at, names, random));
                names.Add(at);
            }

            data.AddRange(Octets(trail, random));
            if (type == RecordType.NSEC) (data[^3], data[^2], data[^1]) = (0, 1, 64);
            int? length = random.Next(20) == 0 ? data.Count + random.Next(-2, 3) : null;
            message.Record(type == RecordType.OPT && random.Next(8) > 0 ? section = DnsSection.Additional : section, owner, type, [.. data],
                length is < 0 ? 0 : length);
        }

        if (random.Next(10) == 0) message.Patch(6 + 2 * random.Next(3), (ushort)random.Next(4));
        if (random.Next(10) == 0) message.Raw(Octets(random.Next(8), random));
        byte[] done = message.ToArray();
        return random.Next(10) == 0 ? done[..random.Next(done.Length)] : done;
    }

    /// <summary>Some labels, then the root, a pointer to a name that was written before or near one, or something wrong.</summary>
    private static byte[] Name(int position, List<int> names, Random random)
    {
        List<byte> name = [];
        for (int labels = random.Next(4); labels > 0; labels--)
        {
            int length = random.Next(12) == 0 ? 63 : random.Next(1, 5);
            name.Add((byte)length);
            for (int i = 0; i < length; i++) name.Add((byte)"abcABCzZ@[`{\\0\\x80\\xda"[random.Next(15)]);
        }

        int target = random.Next(24) switch
        {
            <= 6 => -1,
            <= 16 => names.Count == 0 ? -1 : names[random.Next(names.Count)],
            <= 21 => names.Count == 0 ? -1 : names[random.Next(names.Count)] + random.Next(6),
            22 => random.Next(position + 10),
            _ => -2,
        };
        if (target == -1) name.Add(0);
        else if (target == -2) name.AddRange([(byte)random.Next(256), (byte)random.Next(256)]);
        else name.AddRange(MessageBuilder.Pointer(target));
        return [.. name];
    }

    private static byte[] Octets(int count, Random random)
    {
        byte[] octets = new byte[count];
        random.NextBytes(octets);
        for (int i = 0; i < count; i++)
        {
            if (random.Next(3) > 0) octets[i] = (byte)random.Next(4);
        }

        return octets;
    }
}
