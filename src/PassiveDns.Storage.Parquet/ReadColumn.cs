using Parquet;
using Parquet.Schema;

namespace PassiveDns.Storage.Parquet;

/// <summary>The values of one column of one row group, taken row by row.</summary>
internal sealed class ReadColumn<T>
    where T : struct
{
    private readonly T[] _values;
    private readonly int[] _definitions;
    private readonly int[] _repetitions;
    private readonly int _defined;
    private readonly bool _isList;
    private int _entry;
    private int _value;

    private ReadColumn(DataField field, T[] values, int[] definitions, int[] repetitions)
    {
        _values = values;
        _definitions = definitions;
        _repetitions = repetitions;
        _defined = field.MaxDefinitionLevel;
        _isList = field.MaxRepetitionLevel > 0;
    }

    /// <summary>Reads a column, or gives <c>null</c> if the file has none of that name or it is of another type.</summary>
    public static async ValueTask<ReadColumn<T>?> ReadAsync(ParquetRowGroupReader group, DataField? field, int entries, CancellationToken cancellationToken)
    {
        if (field is null || field.ClrType != typeof(T)) return null;
        T[] values = new T[entries];
        int[] definitions = field.MaxDefinitionLevel > 0 ? new int[entries] : [];
        int[] repetitions = field.MaxRepetitionLevel > 0 ? new int[entries] : [];
        Memory<int>? definitionLevels = field.MaxDefinitionLevel > 0 ? new(definitions) : null;
        Memory<int>? repetitionLevels = field.MaxRepetitionLevel > 0 ? new(repetitions) : null;
        await group.ReadRawAsync<T>(field, values, definitionLevels, repetitionLevels, cancellationToken).ConfigureAwait(false);
        return new(field, values, definitions, repetitions);
    }

    /// <summary>Takes what the next row has: no value, one, or those of a list.</summary>
    public ReadOnlySpan<T> Next()
    {
        int from = _value;
        int entries = _definitions.Length > 0 ? _definitions.Length : _values.Length;
        do
        {
            if (_entry >= entries) throw new InvalidDataException("A column ends before its row group.");
            if (_definitions.Length == 0 || _definitions[_entry] == _defined) _value++;
            _entry++;
        }
        while (_isList && _entry < entries && _repetitions[_entry] > 0);
        return _values.AsSpan(from, _value - from);
    }
}
