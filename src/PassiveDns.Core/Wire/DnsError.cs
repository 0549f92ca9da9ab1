namespace PassiveDns;

/// <summary>Why the framing of a message is damaged. Damage rejects the whole message (a guess would let an attacker show a sensor other data than a resolver).</summary>
public enum DnsError : byte
{
    /// <summary>No damage seen so far.</summary>
    None,

    /// <summary>Fewer than the 12 octets of a header (RFC 1035 section 4.1.1).</summary>
    HeaderTooShort,

    /// <summary>More than one question (RFC 9619).</summary>
    QuestionCount,

    /// <summary>The counts in the header promise more records than the message can hold, or more than it holds.</summary>
    RecordCount,

    /// <summary>A name runs past the end of the message.</summary>
    NameOverrun,

    /// <summary>A name longer than 255 octets (RFC 1035 section 3.1).</summary>
    NameTooLong,

    /// <summary>A label whose two top bits are 01 or 10 (RFC 1035 section 4.1.4, RFC 6891 section 5).</summary>
    LabelType,

    /// <summary>A compression pointer into the header, where no name can start.</summary>
    PointerIntoHeader,

    /// <summary>A compression pointer that does not point strictly backwards (RFC 1035 section 4.1.4).</summary>
    PointerNotBackwards,

    /// <summary>More than <see cref="WireName.MaxPointers"/> pointers in one name.</summary>
    TooManyPointers,

    /// <summary>The names of the message expand to more octets than a message of its size may ask for.</summary>
    NameWork,

    /// <summary>The fixed part of a record runs past the end of the message.</summary>
    RecordOverrun,

    /// <summary>RDLENGTH points past the end of the message.</summary>
    RdataOverrun,

    /// <summary>More than <see cref="DnsReader.MaxRecords"/> records.</summary>
    TooManyRecords,

    /// <summary>An OPT record outside the additional section, with an owner other than the root, or a second one (RFC 6891 section 6.1.1).</summary>
    OptMisplaced,

    /// <summary>The options inside an OPT record do not fill its rdata exactly (RFC 6891 section 6.1.2).</summary>
    OptMalformed,
}
