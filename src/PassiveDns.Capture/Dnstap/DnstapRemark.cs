namespace PassiveDns.Capture;

/// <summary>What is worth telling about responses that were observed all the same.</summary>
internal enum DnstapRemark : byte
{
    /// <summary>No query was logged to compare it with.</summary>
    WithoutQuery,

    /// <summary>Nanoseconds of a second or more.</summary>
    TimeClamped,

    /// <summary>The query's time stands for the missing one of the response.</summary>
    QueryTimeTaken,

    /// <summary>The time of arrival here stands for the missing times.</summary>
    ArrivalTimeTaken,

    /// <summary>Its query zone is no name, or not above the question; it was left out.</summary>
    ZoneLeftOut,

    /// <summary>Records in it name no owner; the question, or its only alias, says it.</summary>
    OwnersInferred,
}
