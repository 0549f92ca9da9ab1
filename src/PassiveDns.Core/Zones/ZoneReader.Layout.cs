namespace PassiveDns;

public sealed partial class ZoneReader
{
    private bool _startsBlank;

    /// <summary>Finds an entry that has quotes, escapes, comments or parentheses, or is not there to its end.</summary>
    /// <param name="rest">What the input holds.</param>
    /// <param name="entry">The entry with comments and parentheses blanked out; empty if there was a fault.</param>
    /// <returns><c>false</c> if more input is needed.</returns>
    private bool TryFindEntry(Span<byte> rest, out Span<byte> entry)
    {
        entry = default;
        // Only what an entry may have is looked at, so that the outcome does not depend on how much the input holds just now.
        int longest = _options.MaxEntryLength;
        ZoneScan scan = ZoneScan.Find(rest[..Math.Min(rest.Length, longest + 1)], _input.IsComplete && rest.Length <= longest, blank: false);
        if (!scan.IsComplete && rest.Length <= longest) return false;
        _line = _input.Line;
        _startsBlank = IsBlank(rest[0]);
        if (!scan.IsComplete) scan = new() { Error = ZoneError.EntryTooLong };
        if (scan.Error != ZoneError.None)
        {
            if (!_startsBlank) RescueOwner(rest);
            Fail(scan.Error, rest, scan.ErrorAt);
            SkipLine(rest, scan.End);
            return true;
        }

        entry = rest[..scan.End];
        if (scan.HasLayout) ZoneScan.Find(entry, isFinal: true, blank: true);
        int consumed = Math.Min(scan.End + 1, rest.Length);
        _input.Consume(consumed, rest[..consumed].Count((byte)'\n'));
        return true;
    }

    /// <summary>Goes on behind the first line end at or after an offset. A group whose end is missing then costs its own lines and no more.</summary>
    private void SkipLine(ReadOnlySpan<byte> rest, int from)
    {
        int length = rest[from..].IndexOf((byte)'\n');
        _input.IsSkipping = length < 0;
        int consumed = length < 0 ? rest.Length : from + length + 1;
        _input.Consume(consumed, rest[..consumed].Count((byte)'\n'));
    }

    /// <summary>Lines behind an entry that cannot be read may refer to its owner; they must not be given to the owner before.</summary>
    private void RescueOwner(ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> word = TakeWord(ref rest);
        if (!word.IsEmpty && word[0] == '$') return;
        if (word.Length > NameText.MaxLength || word.IndexOfAny("();\""u8) >= 0 || !TrySetOwner(word)) ForgetOwner();
    }

    private bool Fail(ZoneError error, ReadOnlySpan<byte> entry, int at)
    {
        if (_isGenerating) return Fail(error, _line, 1);
        ReadOnlySpan<byte> before = entry[..at];
        return Fail(error, _line + before.Count((byte)'\n'), at - before.LastIndexOf((byte)'\n'));
    }

    private bool Fail(ZoneError error, long line, int column)
    {
        Report.Add(new(error, line, column, _input.File));
        return false;
    }

    /// <summary>Takes a word up to the next blank that no backslash stands before, and the blanks behind it.</summary>
    private static ReadOnlySpan<byte> TakeWord(scoped ref ReadOnlySpan<byte> rest)
    {
        int end = 0;
        while (end < rest.Length)
        {
            byte b = rest[end];
            if (b <= ' ' && IsBlank(b)) break;
            end += b == '\\' && end + 1 < rest.Length && rest[end + 1] != '\n' ? 2 : 1; // a line end cannot be escaped
        }

        ReadOnlySpan<byte> word = rest[..end];
        while (end < rest.Length && IsBlank(rest[end])) end++;
        rest = rest[end..];
        return word;
    }
}
