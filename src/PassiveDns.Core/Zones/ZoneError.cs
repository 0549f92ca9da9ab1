namespace PassiveDns;

/// <summary>Why an entry of a zone file gave no record. Reading goes on behind it.</summary>
public enum ZoneError : byte
{
    /// <summary>No error.</summary>
    None,

    /// <summary>The owner, the origin or a name in a directive is no name: an empty or long label, over 255 octets, a broken escape, or quotes.</summary>
    MalformedName,

    /// <summary>The line starts with a blank, which stands for the owner before, and there is none or it was not legible.</summary>
    MissingOwner,

    /// <summary>The entry ends before the type.</summary>
    MissingType,

    /// <summary>The word in the place of the type is neither a type nor <c>TYPEn</c> (RFC 3597 section 5).</summary>
    UnknownType,

    /// <summary>The type never is the type of stored data, such as ANY, OPT or AXFR (RFC 6895 section 3.1).</summary>
    MetaType,

    /// <summary>The TTL is neither a number nor a time such as 1h30m.</summary>
    MalformedTimeToLive,

    /// <summary>The TTL is over 2^31 - 1 seconds (RFC 2181 section 8).</summary>
    TimeToLiveTooLarge,

    /// <summary>There is no TTL, no <c>$TTL</c> (RFC 2308 section 4), no TTL before and no SOA record to take one from.</summary>
    MissingTimeToLive,

    /// <summary>The data is not what the type demands, or a character-string in it is longer than 255 octets.</summary>
    MalformedRdata,

    /// <summary>The type is known by number only, and its data is not in the form <c>\# length hex</c> (RFC 3597 section 5).</summary>
    GenericDataExpected,

    /// <summary>A quoted string does not end on its line.</summary>
    UnclosedQuote,

    /// <summary>A group of lines is opened and never closed, or another is opened before.</summary>
    UnclosedParenthesis,

    /// <summary>A group is opened inside a group on the same line; groups do not nest.</summary>
    NestedParenthesis,

    /// <summary>A group is closed that was not opened.</summary>
    UnopenedParenthesis,

    /// <summary>The entry is longer than <see cref="ZoneReaderOptions.MaxEntryLength"/>.</summary>
    EntryTooLong,

    /// <summary>A word at the start of a line begins with <c>$</c> and is no directive.</summary>
    UnknownDirective,

    /// <summary>A directive lacks something, or has something more.</summary>
    MalformedDirective,

    /// <summary>Files are not included unless <see cref="ZoneReaderOptions.IncludeDirectory"/> is set.</summary>
    IncludeRefused,

    /// <summary>The file to include is not under <see cref="ZoneReaderOptions.IncludeDirectory"/>, or the way to it goes over a symbolic link.</summary>
    IncludeOutsideDirectory,

    /// <summary>The file to include cannot be opened.</summary>
    IncludeNotFound,

    /// <summary>The file to include is being read already.</summary>
    IncludeCycle,

    /// <summary>Files include files more than 10 deep.</summary>
    IncludeTooDeep,

    /// <summary>More than 1,000 files were included.</summary>
    TooManyIncludes,

    /// <summary>The range or the template of <c>$GENERATE</c> is broken.</summary>
    MalformedGenerate,

    /// <summary>A <c>$GENERATE</c> makes more than <see cref="ZoneReaderOptions.MaxGeneratedRecords"/> records, or all of them make more than 16 times so many.</summary>
    GenerateTooLarge,

    /// <summary>The gzip data is damaged or cut off; the rest of the file was not read.</summary>
    DamagedCompression,
}
