namespace PassiveDns;

/// <summary>
/// A checked view of a name inside a message, possibly compressed (RFC 1035 section 4.1.4). It was walked once when it was made, so
/// nothing on it can fail. It borrows the message and is valid as long as that is.
/// </summary>
public readonly ref struct WireName
{
    /// <summary>The most compression pointers one name may follow: a name cannot have more labels than this plus one.</summary>
    public const int MaxPointers = 126;

    private const int HeaderLength = 12;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _offset;

    private WireName(ReadOnlySpan<byte> message, int offset, int length, int labels, bool compressed)
    {
        _message = message;
        _offset = offset;
        Length = length;
        LabelCount = labels;
        IsCompressed = compressed;
    }

    /// <summary>The length of the uncompressed name in octets, 1 to 255.</summary>
    public int Length { get; }

    /// <summary>The number of labels, the root not counted.</summary>
    public int LabelCount { get; }

    /// <summary>Whether the name uses a compression pointer.</summary>
    public bool IsCompressed { get; }

    /// <summary>Where the name starts in the message.</summary>
    public int Offset => _offset;

    /// <summary>Walks the name that starts at <paramref name="offset"/> and checks every rule of RFC 1035 sections 3.1 and 4.1.4.</summary>
    /// <param name="message">The whole message: pointers count from its start.</param>
    /// <param name="offset">Where the name starts, 0 to the length of <paramref name="message"/>.</param>
    /// <param name="name">The checked name; the root when the result is not <see cref="DnsError.None"/>.</param>
    /// <param name="next">The offset behind the name, that is behind its root octet or its first pointer.</param>
    /// <returns><see cref="DnsError.None"/>, or what is wrong.</returns>
    public static DnsError Read(ReadOnlySpan<byte> message, int offset, out WireName name, out int next)
    {
        name = default;
        next = offset;
        int at = offset;
        int runStart = offset;
        int length = 1;
        int labels = 0;
        int pointers = 0;
        int behind = -1;
        while (true)
        {
            if ((uint)at >= (uint)message.Length) return DnsError.NameOverrun;
            int octet = message[at];
            if (octet == 0) break;
            if (octet <= DomainName.MaxLabelLength)
            {
                length += octet + 1;
                if (length > DomainName.MaxWireLength) return DnsError.NameTooLong; // RFC 1035 section 3.1
                labels++;
                at += octet + 1;
                continue;
            }

            if (octet < 0xC0) return DnsError.LabelType; // 01 and 10: RFC 6891 section 5 made 01 historic, 10 was never defined
            if (at + 1 >= message.Length) return DnsError.NameOverrun;
            int target = (octet & 0x3F) << 8 | message[at + 1];
            if (target < HeaderLength) return DnsError.PointerIntoHeader; // no name can start inside the header

            // RFC 1035 section 4.1.4: a pointer names a prior occurrence. Strictly before the run of labels that holds it: loops become impossible.
            if (target >= runStart) return DnsError.PointerNotBackwards;
            if (++pointers > MaxPointers) return DnsError.TooManyPointers;
            if (behind < 0) behind = at + 2;
            at = runStart = target;
        }

        next = behind < 0 ? at + 1 : behind;
        name = new(message, offset, length, labels, pointers > 0);
        return DnsError.None;
    }

    /// <summary>Copies the name uncompressed, with its letters as they are on the wire.</summary>
    /// <param name="destination">At least <see cref="Length"/> octets.</param>
    /// <returns>The octets written: <see cref="Length"/>.</returns>
    public int CopyTo(Span<byte> destination) => Expand(destination, fold: false);

    /// <summary>Copies the name uncompressed and folded to lower case: the form of <see cref="DomainName.Wire"/>.</summary>
    /// <param name="destination">At least <see cref="Length"/> octets.</param>
    /// <returns>The octets written: <see cref="Length"/>.</returns>
    public int CopyCanonicalTo(Span<byte> destination) => Expand(destination, fold: true);

    /// <summary>Makes an owned, canonical name.</summary>
    public DomainName ToDomainName()
    {
        Span<byte> wire = stackalloc byte[DomainName.MaxWireLength];
        return DomainName.FromCanonicalWire(wire[..CopyCanonicalTo(wire)]);
    }

    /// <summary>Whether both names have exactly the same octets, letter case included, as 0x20 matching needs.</summary>
    public bool EqualsExactly(WireName other) => Compare(other, fold: false);

    /// <summary>Whether both names are the same when A-Z and a-z count as one (RFC 4343).</summary>
    public bool EqualsIgnoringCase(WireName other) => Compare(other, fold: true);

    /// <summary>The presentation form (RFC 1035 section 5.1).</summary>
    public override string ToString()
    {
        if (Length <= 1) return ".";
        Span<byte> wire = stackalloc byte[DomainName.MaxWireLength];
        return NameText.ToString(wire[..CopyTo(wire)]);
    }

    private bool Compare(WireName other, bool fold)
    {
        if (Length != other.Length || LabelCount != other.LabelCount) return false;
        Span<byte> mine = stackalloc byte[DomainName.MaxWireLength];
        Span<byte> theirs = stackalloc byte[DomainName.MaxWireLength];
        return mine[..Expand(mine, fold)].SequenceEqual(theirs[..other.Expand(theirs, fold)]);
    }

    private int Expand(Span<byte> destination, bool fold)
    {
        if (Length <= 1)
        {
            destination[0] = 0;
            return 1;
        }

        int at = _offset;
        int written = 0;
        while (true)
        {
            int start = at;
            while (_message[at] is > 0 and <= DomainName.MaxLabelLength) at += _message[at] + 1;
            ReadOnlySpan<byte> run = _message[start..at];
            if (fold) NameWire.Fold(run, destination[written..]);
            else run.CopyTo(destination[written..]);
            written += run.Length;
            if (_message[at] == 0)
            {
                destination[written] = 0;
                return written + 1;
            }

            at = (_message[at] & 0x3F) << 8 | _message[at + 1];
        }
    }
}
