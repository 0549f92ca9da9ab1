namespace PassiveDns.Analysis;

/// <summary>A label in the forms in which it is compared. It borrows the room that it was read into.</summary>
internal readonly ref struct LabelForms
{
    /// <summary>Room for <see cref="Text"/>.</summary>
    public const int TextRoom = DomainName.MaxLabelLength;

    /// <summary>Room for <see cref="Plain"/> and for <see cref="Folded"/>, each, where letters beyond ASCII can expand.</summary>
    public const int ForeignRoom = TextHash.MaxLength;

    /// <summary>Room for <see cref="Folded"/> where all is ASCII.</summary>
    public const int AsciiRoom = DomainName.MaxLabelLength * Glyphs.MaxFold;

    private LabelForms(ReadOnlySpan<int> text, ReadOnlySpan<int> plain, ReadOnlySpan<int> folded, ReadOnlySpan<byte> origins, bool isForeign)
    {
        Text = text;
        Plain = plain;
        Folded = folded;
        Origins = origins;
        IsForeign = isForeign;
    }

    /// <summary>As people read it: code points, A-labels decoded.</summary>
    public ReadOnlySpan<int> Text { get; }

    /// <summary>The same with letters beyond ASCII as the letters that they look like: what was typed, for the distance of typos.</summary>
    public ReadOnlySpan<int> Plain { get; }

    /// <summary>The skeleton: the same for all labels that look alike.</summary>
    public ReadOnlySpan<int> Folded { get; }

    /// <summary>For each letter of <see cref="Folded"/> the letter of <see cref="Text"/> that it comes from, and the length of the text behind them.</summary>
    public ReadOnlySpan<byte> Origins { get; }

    /// <summary>Whether there are letters beyond ASCII.</summary>
    public bool IsForeign { get; }

    /// <summary>Whether a label is written in Punycode.</summary>
    public static bool IsEncoded(ReadOnlySpan<byte> label) => label.Length > 4 && label.StartsWith("xn--"u8);

    /// <summary>Reads a label as it stands.</summary>
    /// <param name="label">The octets.</param>
    /// <param name="text">Room for <see cref="TextRoom"/>.</param>
    /// <param name="folded">Room for <see cref="AsciiRoom"/>.</param>
    /// <param name="origins">Room for one more than that.</param>
    public static LabelForms Read(ReadOnlySpan<byte> label, Span<int> text, Span<int> folded, Span<byte> origins)
    {
        int length = 0;
        for (int i = 0; i < label.Length; i++)
        {
            text[i] = label[i];
            origins[length] = (byte)i;
            folded[length++] = Glyphs.Fold(label[i], out int second);
            if (second == 0) continue;
            origins[length] = (byte)i;
            folded[length++] = second;
        }

        origins[length] = (byte)label.Length;
        return new(text[..label.Length], text[..label.Length], folded[..length], origins[..(length + 1)], isForeign: false);
    }

    /// <summary>Reads an A-label.</summary>
    /// <param name="label">The octets, with <c>xn--</c>.</param>
    /// <param name="text">Room for <see cref="TextRoom"/>.</param>
    /// <param name="plain">Room for <see cref="ForeignRoom"/>.</param>
    /// <param name="folded">Room for <see cref="ForeignRoom"/>.</param>
    /// <param name="origins">Room for one more than that.</param>
    /// <param name="forms">The forms.</param>
    /// <returns><c>false</c> if it only looks like an A-label, or if its skeleton is longer than any brand's.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> label, Span<int> text, Span<int> plain, Span<int> folded, Span<byte> origins, out LabelForms forms)
    {
        forms = default;
        if (!Punycode.TryDecode(label[4..], text, out int letters)) return false;
        text = text[..letters];
        int plainLength = 0, foldedLength = 0;
        for (int i = 0; i < text.Length; i++)
        {
            ReadOnlySpan<int> looks = text[i] >= 128 && Confusables.Table.TryGetValue(text[i], out Confusables.Skeleton skeleton) ? skeleton.Letters : text.Slice(i, 1);
            if (plainLength + looks.Length > ForeignRoom || foldedLength + (looks.Length * Glyphs.MaxFold) > ForeignRoom) return false;
            foreach (int letter in looks)
            {
                plain[plainLength++] = letter;
                origins[foldedLength] = (byte)i;
                folded[foldedLength++] = Glyphs.Fold(letter, out int second);
                if (second == 0) continue;
                origins[foldedLength] = (byte)i;
                folded[foldedLength++] = second;
            }
        }

        origins[foldedLength] = (byte)text.Length;
        forms = new(text, plain[..plainLength], folded[..foldedLength], origins[..(foldedLength + 1)], isForeign: text.ContainsAnyExceptInRange(0, 127));
        return true;
    }
}
