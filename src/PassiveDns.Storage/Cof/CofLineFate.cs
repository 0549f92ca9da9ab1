namespace PassiveDns.Storage.Cof;

/// <summary>What became of a line; every line has exactly one fate.</summary>
public enum CofLineFate : byte
{
    /// <summary>A row.</summary>
    Row,

    /// <summary>Two rows: one of what was seen in traffic, and one of what stood in zone files.</summary>
    TwoRows,

    /// <summary>Nothing stands on it.</summary>
    Blank,

    /// <summary>A frame of DNSDB's Streaming API Framing that holds no row: a beginning, a sign of life or an end. Or the header of a CSV file.</summary>
    Envelope,

    /// <summary>A line of the passivedns log that says that there was no answer.</summary>
    Negative,

    /// <summary>A line of the passivedns log for another class than IN.</summary>
    NotInternet,

    /// <summary>It gave no row; see <see cref="CofError"/>.</summary>
    Faulty,
}
