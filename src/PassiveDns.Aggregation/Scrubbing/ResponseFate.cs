namespace PassiveDns.Aggregation;

/// <summary>What became of a response. The names are the words of the account.</summary>
internal enum ResponseFate : byte
{
    /// <summary>A positive answer or a referral.</summary>
    Accepted,

    /// <summary>NXDOMAIN, or NOERROR without data: accepted too, and its SOA, NSEC and aliases are observed.</summary>
    Negative,

    /// <summary>No record in it.</summary>
    Empty,

    NotAResponse,
    Opcode,
    Truncated,
    NoQuestion,
    Class,
    RcodeFormerr,
    RcodeServfail,
    RcodeNotimp,
    RcodeRefused,
    RcodeOther,
    MalformedHeaderTooShort,
    MalformedQuestionCount,
    MalformedRecordCount,
    MalformedNameOverrun,
    MalformedNameTooLong,
    MalformedLabelType,
    MalformedPointerIntoHeader,
    MalformedPointerNotBackwards,
    MalformedTooManyPointers,
    MalformedNameWork,
    MalformedRecordOverrun,
    MalformedRdataOverrun,
    MalformedTooManyRecords,
    MalformedOptMisplaced,
    MalformedOptMalformed,
}
