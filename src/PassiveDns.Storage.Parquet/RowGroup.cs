using Parquet;
using Parquet.Schema;

namespace PassiveDns.Storage.Parquet;

/// <summary>The columns of one row group; <c>null</c> where the file has none.</summary>
internal sealed class RowGroup
{
    /// <summary>How many rows are still to be taken; each takes one from every column.</summary>
    public required int Rows { get; set; }

    public required ReadColumn<ReadOnlyMemory<char>>? RrName { get; init; }

    public required ReadColumn<ReadOnlyMemory<char>>? RrType { get; init; }

    public required ReadColumn<int>? RrTypeNumber { get; init; }

    public required ReadColumn<ReadOnlyMemory<char>>? Bailiwick { get; init; }

    public required ReadColumn<ReadOnlyMemory<char>>? Provenance { get; init; }

    public required ReadColumn<DateTime>? TimeFirst { get; init; }

    public required ReadColumn<DateTime>? TimeLast { get; init; }

    public required ReadColumn<long>? Count { get; init; }

    public required ReadColumn<long>? MinTimeToLive { get; init; }

    public required ReadColumn<long>? MaxTimeToLive { get; init; }

    public required ReadColumn<bool>? Coarsened { get; init; }

    public required ReadColumn<ReadOnlyMemory<char>>? Rdata { get; init; }

    public required ReadColumn<ReadOnlyMemory<byte>>? Wire { get; init; }

    public required ReadColumn<DateTime>? IntervalFirst { get; init; }

    public required ReadColumn<DateTime>? IntervalLast { get; init; }

    public required ReadColumn<long>? IntervalCount { get; init; }

    public required ReadColumn<long>? Witnesses { get; init; }

    public required ReadColumn<ReadOnlyMemory<char>>? Folded { get; init; }

    public required ReadColumn<ReadOnlyMemory<byte>>? NamesSketch { get; init; }

    public static async ValueTask<RowGroup> ReadAsync(ParquetRowGroupReader group, Func<string, DataField?> find, Func<DataField, int> count, CancellationToken cancellationToken)
    {
        return new()
        {
            Rows = (int)group.RowCount,
            RrName = await OfAsync<ReadOnlyMemory<char>>("rrname").ConfigureAwait(false),
            RrType = await OfAsync<ReadOnlyMemory<char>>("rrtype").ConfigureAwait(false),
            RrTypeNumber = await OfAsync<int>("rrtype_number").ConfigureAwait(false),
            Bailiwick = await OfAsync<ReadOnlyMemory<char>>("bailiwick").ConfigureAwait(false),
            Provenance = await OfAsync<ReadOnlyMemory<char>>("provenance").ConfigureAwait(false),
            TimeFirst = await OfAsync<DateTime>("time_first").ConfigureAwait(false),
            TimeLast = await OfAsync<DateTime>("time_last").ConfigureAwait(false),
            Count = await OfAsync<long>("count").ConfigureAwait(false),
            MinTimeToLive = await OfAsync<long>("ttl_min").ConfigureAwait(false),
            MaxTimeToLive = await OfAsync<long>("ttl_max").ConfigureAwait(false),
            Coarsened = await OfAsync<bool>("coarsened").ConfigureAwait(false),
            Rdata = await OfAsync<ReadOnlyMemory<char>>("rdata/list/element").ConfigureAwait(false),
            Wire = await OfAsync<ReadOnlyMemory<byte>>("rdata_wire/list/element").ConfigureAwait(false),
            IntervalFirst = await OfAsync<DateTime>("intervals/list/element/first").ConfigureAwait(false),
            IntervalLast = await OfAsync<DateTime>("intervals/list/element/last").ConfigureAwait(false),
            IntervalCount = await OfAsync<long>("intervals/list/element/count").ConfigureAwait(false),
            Witnesses = await OfAsync<long>("witnesses/list/element").ConfigureAwait(false),
            Folded = await OfAsync<ReadOnlyMemory<char>>("folded/list/element").ConfigureAwait(false),
            NamesSketch = await OfAsync<ReadOnlyMemory<byte>>("names_sketch").ConfigureAwait(false),
        };

        ValueTask<ReadColumn<T>?> OfAsync<T>(string name)
            where T : struct
        {
            DataField? field = find(name);
            return ReadColumn<T>.ReadAsync(group, field, field is null ? 0 : count(field), cancellationToken);
        }
    }
}
