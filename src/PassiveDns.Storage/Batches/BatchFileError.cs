namespace PassiveDns.Storage.Batches;

/// <summary>What is wrong with a place in a batch file. Reading goes on behind it where that can be.</summary>
public enum BatchFileError : byte
{
    /// <summary>No error.</summary>
    None,

    /// <summary>The file does not begin as a batch file does.</summary>
    NotABatchFile,

    /// <summary>The file was written by a newer version of this library.</summary>
    NewerVersion,

    /// <summary>The octets are not the frame of a record. What follows up to the next sound frame is passed over.</summary>
    DamagedFrame,

    /// <summary>The checksum of a record is wrong, or it holds no batch. Exactly this record is passed over.</summary>
    DamagedRecord,

    /// <summary>The file ends before its end record: it was not written to its end, or it was cut.</summary>
    CutOff,

    /// <summary>The end record counts more batches or rows than were read, or fewer.</summary>
    WrongTotals,

    /// <summary>The file is packed and the packing is damaged or cut off: nothing behind this place could be read.</summary>
    DamagedCompression,
}
