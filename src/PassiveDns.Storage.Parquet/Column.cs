using Parquet;
using Parquet.Schema;

namespace PassiveDns.Storage.Parquet;

/// <summary>The values of one column until its row group is written, with the levels that say where lists begin and where there is none.</summary>
internal sealed class Column<T>(DataField field)
    where T : struct
{
    private readonly List<T> _values = [];
    private readonly List<int> _definitions = [];
    private readonly List<int> _repetitions = [];

    /// <summary>Adds a value, or another one of the list of which the first was added before.</summary>
    public void Add(T value, bool isFirst = true)
    {
        _values.Add(value);
        _definitions.Add(field.MaxDefinitionLevel);
        _repetitions.Add(isFirst ? 0 : field.MaxRepetitionLevel);
    }

    /// <summary>Adds a row without a value, or with an empty list.</summary>
    public void AddNothing()
    {
        _definitions.Add(field.MaxRepetitionLevel > 0 ? 1 : 0); // of a list: it is there, and empty
        _repetitions.Add(0);
    }

    public async ValueTask WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
    {
        // An array that is null would become levels that are there and empty.
        ReadOnlyMemory<int>? definitions = field.MaxDefinitionLevel > 0 ? new(_definitions.ToArray()) : null;
        ReadOnlyMemory<int>? repetitions = field.MaxRepetitionLevel > 0 ? new(_repetitions.ToArray()) : null;
        await group.WriteAllPartsAsync<T>(field, _values.ToArray(), definitions, repetitions, cancellationToken).ConfigureAwait(false);
        _values.Clear();
        _definitions.Clear();
        _repetitions.Clear();
    }
}
