namespace PassiveDns.Storage.Cof;

internal sealed partial class CofLine
{
    /// <summary>
    /// Reads a line of the passivedns log: time||client||server||class||name||type||answer||TTL||count. Client and server are passed over unread:
    /// nobody's address gets beyond this method.
    /// </summary>
    private CofError ReadLog(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("||"u8) < 0) return CofError.NotAnObject;
        if (!TakeLeft(ref line, out ReadOnlySpan<byte> time) || !TakeLeft(ref line, out _) || !TakeLeft(ref line, out _)
            || !TakeLeft(ref line, out ReadOnlySpan<byte> recordClass) || !TakeLeft(ref line, out ReadOnlySpan<byte> name)
            || !TakeLeft(ref line, out ReadOnlySpan<byte> type) || !TakeRight(ref line, out ReadOnlySpan<byte> count)
            || !TakeRight(ref line, out ReadOnlySpan<byte> ttl))
        {
            return CofError.NotAnObject;
        }

        if (!recordClass.SequenceEqual("IN"u8))
        {
            Fate = CofLineFate.NotInternet;
            return CofError.None;
        }

        if (line.SequenceEqual("NXDOMAIN"u8) || line.SequenceEqual("SERVFAIL"u8) || line.SequenceEqual("REFUSED"u8))
        {
            Fate = CofLineFate.Negative;
            return CofError.None;
        }

        if (!TryParseNumber(time, isTime: true, out long seconds) || seconds is < 0 or > MaxTime) return CofError.MalformedTime;
        if (!TryParseNumber(count, isTime: false, out long counted) || counted < 0) return CofError.MalformedCount;
        if (!TryParseNumber(ttl, isTime: false, out long life) || life is < 0 or > uint.MaxValue) return CofError.MalformedCount;
        if (!TryParseName(name, _name, out _nameLength)) return CofError.MalformedName;
        if (!TryParseType(type)) return CofError.UnknownType;
        Set(CofField.OnlyTime, seconds);
        Set(CofField.Count, counted);
        Set(CofField.TimeToLive, life);
        _seen |= 1u << (int)CofField.RrName | 1u << (int)CofField.RrType | 1u << (int)CofField.Rdata;
        _texts.Add((0, Keep(line)));
        return Finish();
    }

    private void Set(CofField field, long number)
    {
        _numbers[(int)field] = number;
        _seen |= 1u << (int)field;
    }

    private static bool TakeLeft(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        int end = rest.IndexOf("||"u8);
        field = end < 0 ? default : rest[..end];
        if (end >= 0) rest = rest[(end + 2)..];
        return end >= 0;
    }

    private static bool TakeRight(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        int start = rest.LastIndexOf("||"u8);
        field = start < 0 ? default : rest[(start + 2)..];
        if (start >= 0) rest = rest[..start];
        return start >= 0;
    }
}
