using PassiveDns.Storage.Embedded.Operations;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>
/// Trains the dictionaries of a table before it is written: on blocks like those that it will have, made of the rows that it will have. So no dictionary
/// keeps anything that was deleted; it would if it were trained on blocks as they are, or taken over from an older table.
/// </summary>
/// <param name="tables">The tables that are merged; the caller holds them.</param>
/// <param name="intervalGap">The store's interval gap.</param>
/// <param name="rules">What does not get into the new table.</param>
internal sealed class MergeSample(IReadOnlyList<Table> tables, TimeSpan intervalGap, MergeRules rules)
{
    /// <summary>Of so few entries a dictionary, which stands in the table twice, takes about what it saves.</summary>
    private const long FewEntries = 16 << 10;

    private readonly byte[] _last = new byte[TableFormat.MaxKeyLength];
    private readonly BlockBuilder _block = new();

    /// <summary>Trains a dictionary for each keyspace that has enough entries.</summary>
    /// <param name="level">The level of zstd that they are for.</param>
    /// <returns>By the number of the keyspace; empty where there is none.</returns>
    public byte[][] Train(int level)
    {
        byte[][] dictionaries = new byte[(int)Keyspace.Dnssec + 1][];
        DictionaryTraining training = new();
        for (int space = 0; space < dictionaries.Length; space++)
        {
            dictionaries[space] = [];
            if (space == 0 || tables.Sum(table => table.Facts.Entries[space - 1]) < FewEntries) continue;
            Take((Keyspace)space, training);
            dictionaries[space] = training.Train(level);
        }

        return dictionaries;
    }

    /// <summary>Takes blocks that begin where blocks of the tables do, all over the keyspace.</summary>
    private void Take(Keyspace space, DictionaryTraining training)
    {
        byte[] from = [(byte)space], to = [(byte)(space + 1)];
        (int First, int Last)[] blocks = [.. tables.Select(table => (table.Index.Find(from), table.Index.Find(to)))];
        TableCursor[] cursors = [.. tables.Select(table => new TableCursor(table, isScan: true, rules.Sieve(table), table.Facts.PartOf(space)))];
        long all = blocks.Sum(range => range.Last - range.First + 1L);
        for (int i = 0; i < DictionaryTraining.Blocks; i++)
        {
            long number = all * i / DictionaryTraining.Blocks;
            int table = 0;
            for (; number > blocks[table].Last - blocks[table].First; table++) number -= blocks[table].Last - blocks[table].First + 1;
            cursors[table].StepTo(blocks[table].First + (int)number, 0);
            byte[] start = cursors[table].Key[0] == (byte)space ? cursors[table].Key.ToArray() : from;
            TakeBlock([.. cursors.Where(cursor => cursor.Seek(start))], to);
            if (_block.Entries > 0) training.Add(_block.Finish());
            _block.Clear();
        }
    }

    private void TakeBlock(TableCursor[] cursors, byte[] to)
    {
        MergedCursor rows = new(cursors, cursors.Length, to, intervalGap);
        int lastLength = 0;
        while (_block.Length < FileTableBuilder.BlockLength && rows.MoveNext())
        {
            if (!rules.Keeps(rows.Key, rows.Value)) continue;
            _block.Add(rows.Key, rows.Key.CommonPrefixLength(_last.AsSpan(0, lastLength)), rows.Value);
            rows.Key.CopyTo(_last);
            lastLength = rows.Key.Length;
        }
    }
}
