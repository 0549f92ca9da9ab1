namespace PassiveDns.Storage.Cof;

/// <summary>Why a line of the Common Output Format gave no row. Reading goes on behind it.</summary>
public enum CofError : byte
{
    /// <summary>No error.</summary>
    None,

    /// <summary>The line is longer than <see cref="CofReaderOptions.MaxLineLength"/>.</summary>
    LineTooLong,

    /// <summary>The line starts as a JSON object and is none (RFC 8259), or it is nested too deeply.</summary>
    MalformedJson,

    /// <summary>The line is neither a JSON object nor a line of the passivedns log.</summary>
    NotAnObject,

    /// <summary>A field stands twice, and one of the two would have to be guessed.</summary>
    DuplicateField,

    /// <summary>The owner name, the type, the data or a pair of times is missing.</summary>
    MissingField,

    /// <summary><c>rrname</c> is no name.</summary>
    MalformedName,

    /// <summary><c>rrtype</c> is neither a mnemonic, <c>TYPEn</c> (RFC 3597 section 5) nor a number of 16 bits.</summary>
    UnknownType,

    /// <summary>The type never is the type of stored data, such as ANY, OPT or AXFR (RFC 6895 section 3.1).</summary>
    MetaType,

    /// <summary>A text in <c>rdata</c> is not of the type, or there is none.</summary>
    MalformedRdata,

    /// <summary>There are more records than <see cref="CofReaderOptions.MaxRrsetRecords"/>.</summary>
    RrsetTooLarge,

    /// <summary>A time is no number of seconds (or a date) from 1970 to 9999.</summary>
    MalformedTime,

    /// <summary><c>count</c> is no number, or below 0; or a TTL is no number of 32 bits.</summary>
    MalformedCount,

    /// <summary><c>bailiwick</c> is no name, or neither the owner name nor an ancestor of it.</summary>
    MalformedBailiwick,

    /// <summary><c>provenance</c> is no known word, or contradicts the kind of times.</summary>
    MalformedProvenance,

    /// <summary><c>intervals</c> are not in the order of time, or do not add up to times and count.</summary>
    MalformedIntervals,

    /// <summary><c>folded</c> has an unknown word, or <c>names_sketch</c> does not go with it.</summary>
    MalformedFolding,

    /// <summary><c>rdata_wire</c> is not hexadecimal, not canonical data of the type, or not as many records as <c>rdata</c>.</summary>
    MalformedWire,

    /// <summary>The line could be understood, but the draft does not allow it so: only with <see cref="CofReaderOptions.Strict"/>.</summary>
    Nonstandard,

    /// <summary>The input is compressed and damaged, or cut off: nothing behind this line could be read.</summary>
    DamagedCompression,

    /// <summary><c>witnesses</c> are not at most eight numbers of 32 bits in hexadecimal, rising; only with <see cref="CofReaderOptions.KeepWitnesses"/>.</summary>
    MalformedWitnesses,

    /// <summary>
    /// The line is not as the CSV header says (RFC 4180): another number of fields, a quote in the wrong place, or a field that goes on behind the end of
    /// the line, which no field of a row does.
    /// </summary>
    MalformedCsv,

    /// <summary>The CSV has a line for each record, as dnsdbq writes it: which records were answered together is lost. Its JSON has whole sets.</summary>
    DividedSets,
}
