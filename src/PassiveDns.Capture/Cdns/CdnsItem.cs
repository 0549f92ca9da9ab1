namespace PassiveDns.Capture;

/// <summary>One item of a block with its signature, as numbers; what the sensor did not keep is -1 (RFC 8618 sections 7.3.2.4 and 7.3.2.3.2).</summary>
internal ref struct CdnsItem
{
    private const long FromCache = 1;

    public long TimeOffset = -1;
    public long Client = -1;
    public long ClientPort = -1;
    public long Id = -1;
    public long Signature = -1;
    public long Delay;
    public long QueryName = -1;
    public bool IsFromCache;
    public long Answer = -1;
    public long Authority = -1;
    public long Additional = -1;
    public long Server = -1;
    public long ServerPort = -1;
    public long Transport;
    public long Kind = -1;
    public long SignatureFlags = -1;
    public long Opcode = -1;
    public long DnsFlags = -1;
    public long ClassType = -1;
    public long ResponseCode = -1;

    public CdnsItem()
    {
    }

    /// <summary>Reads an item.</summary>
    public bool TryRead(ref CborCursor cbor)
    {
        if (!cbor.TryEnterMap(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key)) return false;
            bool isRead = key switch
            {
                0 => cbor.TryReadNumber(out TimeOffset),
                1 => cbor.TryReadNumber(out Client),
                2 => cbor.TryReadNumber(out ClientPort),
                3 => cbor.TryReadNumber(out Id),
                4 => cbor.TryReadNumber(out Signature),
                6 => cbor.TryReadNumber(out Delay),
                7 => cbor.TryReadNumber(out QueryName),
                10 => TryReadProcessing(ref cbor),
                12 => TryReadSections(ref cbor),
                _ => cbor.TrySkip() == CborCursor.Outcome.Complete,
            };
            if (!isRead) return false;
        }

        return true;
    }

    /// <summary>Reads what the item shares with others.</summary>
    public bool TryReadSignature(ref CborCursor cbor)
    {
        if (!cbor.TryEnterMap(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key)) return false;
            bool isRead = key switch
            {
                0 => cbor.TryReadNumber(out Server),
                1 => cbor.TryReadNumber(out ServerPort),
                2 => cbor.TryReadNumber(out Transport),
                3 => cbor.TryReadNumber(out Kind),
                4 => cbor.TryReadNumber(out SignatureFlags),
                5 => cbor.TryReadNumber(out Opcode),
                6 => cbor.TryReadNumber(out DnsFlags),
                8 => cbor.TryReadNumber(out ClassType),
                16 => cbor.TryReadNumber(out ResponseCode),
                _ => cbor.TrySkip() == CborCursor.Outcome.Complete,
            };
            if (!isRead) return false;
        }

        return true;
    }

    private bool TryReadProcessing(ref CborCursor cbor)
    {
        if (!cbor.TryEnterMap(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key) || !cbor.TryReadNumber(out long value)) return false;
            if (key == 1) IsFromCache = (value & FromCache) != 0;
        }

        return true;
    }

    private bool TryReadSections(ref CborCursor cbor)
    {
        if (!cbor.TryEnterMap(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key) || !cbor.TryReadNumber(out long list)) return false;
            if (key == 1) Answer = list;
            else if (key == 2) Authority = list;
            else if (key == 3) Additional = list;
        }

        return true;
    }
}
