namespace PassiveDns;

/// <summary>
/// Cuts the text of one record's data into tokens (RFC 1035 section 5.1). Escapes stay as they are, because only the reader of a token
/// knows what they mean in it.
/// </summary>
internal ref struct TextTokens(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text.Trim(" \t\r\n"u8);

    /// <summary>Whether no token is left.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Takes all that is left, blanks included.</summary>
    public ReadOnlySpan<byte> TakeRest()
    {
        ReadOnlySpan<byte> rest = _rest;
        _rest = default;
        return rest;
    }

    /// <summary>Takes a token that runs to the next blank; quotes are ordinary letters in it.</summary>
    public bool TryTakeWord(out ReadOnlySpan<byte> word)
    {
        word = default;
        return !_rest.IsEmpty && _rest[0] != '"' && TryTake(quotes: false, out word);
    }

    /// <summary>Takes a token that runs to the next blank outside quotes, as in <c>alpn="h2"</c>; the quotes stay in it.</summary>
    public bool TryTakeParam(out ReadOnlySpan<byte> param)
    {
        param = default;
        return !_rest.IsEmpty && TryTake(quotes: true, out param);
    }

    /// <summary>Takes a character-string: in quotes, which are taken off, or up to the next blank.</summary>
    public bool TryTakeString(out ReadOnlySpan<byte> inside)
    {
        inside = default;
        if (_rest.IsEmpty) return false;
        if (_rest[0] != '"') return TryTake(quotes: false, out inside);
        int end = 1;
        while (end < _rest.Length && _rest[end] != '"') end += _rest[end] == '\\' ? 2 : 1;
        if (end >= _rest.Length) return false; // the quote is never closed
        inside = _rest[1..end];
        _rest = _rest[(end + 1)..].TrimStart(" \t\r\n"u8);
        return true;
    }

    private bool TryTake(bool quotes, out ReadOnlySpan<byte> token)
    {
        bool quoted = false;
        int end = 0;
        for (; end < _rest.Length && (quoted || _rest[end] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')); end++)
        {
            if (_rest[end] == '\\') end++;
            else if (quotes && _rest[end] == '"') quoted = !quoted;
        }

        token = default;
        if (quoted || end > _rest.Length) return false; // an open quote, or a backslash as the last octet
        token = _rest[..end];
        _rest = _rest[end..].TrimStart(" \t\r\n"u8);
        return true;
    }
}
