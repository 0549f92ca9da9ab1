namespace PassiveDns.Analysis;

/// <summary>The mailbox of who runs a zone: RNAME of its SOA (RFC 1035 section 3.3.13).</summary>
internal static class SoaContact
{
    /// <summary>Reads it from an SOA row.</summary>
    public static bool TryRead(Observation row, out DomainName contact)
    {
        contact = default;
        if (row.Type != RecordType.SOA) return false;
        ReadOnlySpan<byte> canonical = row.Rdata[0].Canonical; // MNAME, RNAME, five numbers; both names whole, as in all canonical data
        int start = LengthOf(canonical);
        if (start == 0) return false;
        int length = LengthOf(canonical[start..]);
        return length > 0 && DomainName.TryFromWire(canonical.Slice(start, length), out contact);
    }

    private static int LengthOf(ReadOnlySpan<byte> name)
    {
        for (int at = 0; at < name.Length; at += name[at] + 1)
        {
            if (name[at] == 0) return at + 1;
        }

        return 0;
    }
}
