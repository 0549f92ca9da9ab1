namespace PassiveDns;

/// <summary>What became of a record that a <see cref="ZoneReader"/> handed to a <see cref="ZoneSnapshot"/>.</summary>
public enum ZoneRecordFate : byte
{
    /// <summary>It is part of a row.</summary>
    Observed,

    /// <summary>The same record stands in the file more than once.</summary>
    Duplicate,

    /// <summary>Its class is not IN.</summary>
    NotInternet,

    /// <summary>Its RRset has more records than <see cref="ZoneSnapshotOptions.MaxRrsetRecords"/>.</summary>
    RrsetTooLarge,
}
