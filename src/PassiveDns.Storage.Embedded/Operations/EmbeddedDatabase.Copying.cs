using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Operations;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Embedded.Views;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded;

internal sealed partial class EmbeddedDatabase
{
    /// <summary>
    /// Writes the store as it is at one moment into another directory: its tables, one more table of what is in memory, a manifest with the batches
    /// applied by then, and the ledger of deletions. No log is needed, and nobody waits longer than the moment takes.
    /// </summary>
    /// <param name="directory">A new or empty directory.</param>
    /// <param name="options">Links or copies, and progress.</param>
    /// <param name="deletions">More deletions that must be in force in the copy.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<BackupReport> CopyToAsync(string directory, BackupOptions options, IReadOnlyList<Deletion> deletions, CancellationToken cancellationToken)
    {
        if (Path.Exists(directory) && (File.Exists(directory) || Directory.EnumerateFileSystemEntries(directory).Any()))
        {
            throw new ObservationStoreException($"{directory} is not empty; nothing in it was touched: name a new or empty directory.");
        }

        (StoreView view, TieredTable[] tables, Manifest manifest, DeletionLedger ledger) = await TakeMomentAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Directory.CreateDirectory(directory);
            StoreFiles files = new(directory);
            using StoreCopy copy = new(files, options, view.Tables.Sum(table => table.Octets));
            foreach (TieredTable table in tables) copy.Add(table.Table, files.Table(table.Number), cancellationToken);
            Table[] memory = [.. view.Tables.Where(table => table is MemoryTable)];
            List<(long, int, int)> entries = [.. tables.Select(table => table.Entry)];
            if (memory.Length > 0 && WriteMemory(memory, copy.Making(files.Table(manifest.NextTable)), ledger, cancellationToken) is { } octets)
            {
                copy.Count(octets);
                entries.Add((manifest.NextTable, WritingOutTier, ledger.Count));
            }

            DeletionLedger united = ledger.With(deletions);
            copy.Making(files.DeletionsDraft);
            copy.Making(files.Deletions);
            if (united.Count > 0) DeletionsFile.Write(files, united);
            copy.Making(files.ManifestDraft);
            copy.Making(files.Manifest);
            (manifest with { Tables = entries, NextTable = manifest.NextTable + 1 }).Write(files);
            StoreMarker.Write(copy.Making(Path.Combine(directory, StoreMarker.FileName)), EmbeddedObservationStore.MarkerKind, IntervalGap); // last: without it nobody takes the copy for whole
            copy.Finish();
            string[] made = Directory.GetFiles(directory);
            return new(made.Length, copy.LinkedFiles, made.Sum(file => new FileInfo(file).Length)) { AddedDeletions = united.Count - ledger.Count };
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException and not ObservationStoreException)
        {
            throw new ObservationStoreException($"{directory} cannot be written: {failure.Message}", failure is IOException, failure);
        }
        finally
        {
            view.Release();
        }
    }

    /// <summary>What belongs together: no batch is half-way between its log and the ledger, and no table is being replaced.</summary>
    private async ValueTask<(StoreView View, TieredTable[] Tables, Manifest Manifest, DeletionLedger Deletions)> TakeMomentAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            lock (_structure)
            {
                StoreView view = _tables.Take();
                Manifest manifest = _manifest with { FirstSeen = view.FirstSeen, LastSeen = view.LastSeen, Ledger = Ledger.EncodeAll() };
                return (view, _tables.Files, manifest, _deletions);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private long? WriteMemory(IReadOnlyList<Table> memory, string path, DeletionLedger ledger, CancellationToken cancellationToken)
    {
        MergeRules rules = new(ledger, IntervalGap);
        rules.FindOrphans(memory, cancellationToken);
        using FileTableBuilder builder = new(path, CompressionLevel(WritingOutTier), [], MaxNames, MaxChanges);
        TableMerge.Write(memory, IntervalGap, builder, rules, null, cancellationToken);
        if (builder.Count == 0) return null;
        builder.Finish();
        return builder.Length;
    }
}
