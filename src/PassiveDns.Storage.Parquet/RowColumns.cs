using Parquet.Schema;

namespace PassiveDns.Storage.Parquet;

/// <summary>The columns of a file of observations.</summary>
internal static class RowColumns
{
    public const int RrName = 0;
    public const int RrType = 1;
    public const int RrTypeNumber = 2;
    public const int Bailiwick = 3;
    public const int Provenance = 4;
    public const int TimeFirst = 5;
    public const int TimeLast = 6;
    public const int Count = 7;
    public const int MinTimeToLive = 8;
    public const int MaxTimeToLive = 9;
    public const int Coarsened = 10;
    public const int Rdata = 11;
    public const int Wire = 12;
    public const int IntervalFirst = 13;
    public const int IntervalLast = 14;
    public const int IntervalCount = 15;
    public const int Witnesses = 16;
    public const int Folded = 17;
    public const int NamesSketch = 18;

    /// <summary>The columns as a schema of their own: a schema belongs to one writer.</summary>
    public static ParquetSchema Create() => new(
        new DataField<string>("rrname", nullable: false),
        new DataField<string>("rrtype", nullable: false),
        new DataField<int>("rrtype_number", nullable: false),
        new DataField<string>("bailiwick", nullable: false),
        new DataField<string>("provenance", nullable: false),
        Time("time_first"),
        Time("time_last"),
        new DataField<long>("count", nullable: false),
        new DataField<long>("ttl_min", nullable: true),
        new DataField<long>("ttl_max", nullable: true),
        new DataField<bool>("coarsened", nullable: false),
        new ListField("rdata", new DataField<string>("element", nullable: false)),
        new ListField("rdata_wire", new DataField<byte[]>("element", nullable: false)),
        new ListField("intervals", new StructField("element", Time("first"), Time("last"), new DataField<long>("count", nullable: false))),
        new ListField("witnesses", new DataField<long>("element", nullable: false)),
        new ListField("folded", new DataField<string>("element", nullable: false)),
        new DataField<byte[]>("names_sketch", nullable: true));

    private static DateTimeDataField Time(string name) => new(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: false);
}
