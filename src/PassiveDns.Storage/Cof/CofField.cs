namespace PassiveDns.Storage.Cof;

/// <summary>The fields that are read; all others are passed over, as the draft says.</summary>
internal enum CofField : byte
{
    Other,
    RrName,
    RrType,
    Rdata,
    TimeFirst,
    TimeLast,
    ZoneTimeFirst,
    ZoneTimeLast,
    Count,
    Bailiwick,
    TimeFirstOtherwise, // in milliseconds or as a date: looked at if the plain field is missing
    TimeLastOtherwise,
    Wire,
    Provenance,
    Intervals,
    Condition,
    Framed,
    TimeToLive,
    OnlyTime,
    Folded,
    NamesSketch,
    MinTimeToLive,
    MaxTimeToLive,
    Witnesses,
    Coarsened,
}
