namespace PassiveDns.Capture;

/// <summary>What a C-DNS file says about how blocks were made (RFC 8618 section 7.3.1.1.1).</summary>
internal readonly record struct CdnsParameters(long TicksPerSecond, bool KeepsResponses, bool HasCutAddresses)
{
    private const long ResponseSections = 1 << 15 | 1 << 16 | 1 << 17; // answer, authority, additional
    private const long WholeRecords = 3; // TTL and data

    /// <summary>Reads one BlockParameters map.</summary>
    public static bool TryRead(ref CborCursor cbor, out CdnsParameters parameters)
    {
        parameters = default;
        if (!cbor.TryEnterMap(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key)) return false;
            if (key == 0)
            {
                if (!TryReadStorage(ref cbor, out parameters)) return false;
            }
            else if (cbor.TrySkip() != CborCursor.Outcome.Complete)
            {
                return false;
            }
        }

        return parameters.TicksPerSecond > 0;
    }

    private static bool TryReadStorage(ref CborCursor cbor, out CdnsParameters parameters)
    {
        parameters = default;
        (long ticks, bool keeps, bool cut) = (0, false, false);
        if (!cbor.TryEnterMap(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key)) return false;
            if (key == 0)
            {
                if (!cbor.TryReadNumber(out ticks)) return false;
            }
            else if (key == 2)
            {
                if (!TryReadHints(ref cbor, out keeps)) return false;
            }
            else if (key is >= 6 and <= 9)
            {
                if (!cbor.TryReadNumber(out long prefix)) return false;
                cut |= prefix < (key is 6 or 8 ? 32 : 128);
            }
            else if (cbor.TrySkip() != CborCursor.Outcome.Complete)
            {
                return false;
            }
        }

        parameters = new(ticks, keeps, cut);
        return true;
    }

    private static bool TryReadHints(ref CborCursor cbor, out bool keeps)
    {
        keeps = false;
        (long items, long records) = (0, 0);
        if (!cbor.TryEnterMap(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key) || !cbor.TryReadNumber(out long bits)) return false;
            if (key == 0) items = bits;
            else if (key == 2) records = bits;
        }

        keeps = (items & ResponseSections) == ResponseSections && (records & WholeRecords) == WholeRecords;
        return true;
    }
}
