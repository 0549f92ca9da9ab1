namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Backups =>
    [
        .. Each<bool>("backups", "A backup is restored with everything that was acknowledged", static (run, given) => run.ABackupIsRestoredWithEverythingThatWasAcknowledged(given),
        [
            false,
            true,
        ], typeof(IStoreBackup)),
        BackingUp("A backup that is made while batches come in holds whole batches", static run => run.ABackupThatIsMadeWhileBatchesComeInHoldsWholeBatches()),
        BackingUp("A restored backup honours deletions that were made after it", static run => run.ARestoredBackupHonoursDeletionsThatWereMadeAfterIt()),
        BackingUp("A backup into a directory with something in it is refused", static run => run.ABackupIntoADirectoryWithSomethingInItIsRefused()),
    ];

    private static ConformanceCase BackingUp(string requirement, Func<CaseRun, Task> run) => new("backups", requirement, run, capability: typeof(IStoreBackup));

    private async Task<IObservationStore> RestoreAsync(string backup, IReadOnlyList<Deletion> deletions)
    {
        IObservationStore store = await fixture.RestoreAsync(backup, deletions, cancellationToken);
        _stores.Add(store);
        return store;
    }

    private async Task ABackupIsRestoredWithEverythingThatWasAcknowledged(bool allowLinks)
    {
        IObservationStore store = await WorldAsync();
        IStoreBackup backup = Offered<IStoreBackup>(store);
        List<Observation> before = await RowsOfEveryKeyspaceAsync(store);
        string directory = fixture.NewDirectory();
        BackupReport report = await backup.BackupAsync(directory, new() { AllowLinks = allowLinks }, cancellationToken);
        Expect.True(report.Files > 0 && report.Bytes > 0 && (allowLinks || report.LinkedFiles == 0));
        await store.WriteAsync(World(50 * Day).Build(3), cancellationToken);
        await CompactAsync(store);
        IObservationStore restored = await RestoreAsync(directory, []);
        Expect.Equal(before, await RowsOfEveryKeyspaceAsync(restored));
        Expect.Equal(new BatchId(new("s1"), 1, 2), await restored.GetLastBatchAsync(new("s1"), cancellationToken));
        Expect.Equal(WriteResult.AlreadyApplied, await restored.WriteAsync(World(1).Build(1), cancellationToken));
        Expect.Equal(WriteResult.Applied, await restored.WriteAsync(World(50 * Day).Build(3), cancellationToken));
        Expect.Equal(await RowsOfEveryKeyspaceAsync(store), await RowsOfEveryKeyspaceAsync(restored));
    }

    private async Task ABackupThatIsMadeWhileBatchesComeInHoldsWholeBatches()
    {
        IObservationStore store = await NewStoreAsync();
        IStoreBackup backup = Offered<IStoreBackup>(store);
        await store.WriteAsync(Hosts(50).Build(1), cancellationToken);
        using CancellationTokenSource stop = new();
        ulong acknowledged = 1;
        Task writing = Task.Run(async () =>
        {
            for (ulong next = 2; !stop.IsCancellationRequested && next < 400; next++)
            {
                await store.WriteAsync(Hosts(50).Build(next), cancellationToken);
                Volatile.Write(ref acknowledged, next);
            }
        }, cancellationToken);
        string directory = fixture.NewDirectory();
        ulong atStart = Volatile.Read(ref acknowledged);
        await backup.BackupAsync(directory, null, cancellationToken);
        await stop.CancelAsync();
        await writing;
        IObservationStore restored = await RestoreAsync(directory, []);
        ulong last = (await restored.GetLastBatchAsync(new("s1"), cancellationToken))!.Value.Sequence;
        Expect.True(last >= atStart && last <= acknowledged);
        List<Observation> rows = (await Answer.ReadAsync(restored, s_everything)).Rows;
        Expect.Equal(50, rows.Count);
        foreach (Observation row in rows) Expect.Equal((long)last, row.History.Count);
    }

    private async Task ARestoredBackupHonoursDeletionsThatWereMadeAfterIt()
    {
        IObservationStore store = await WorldAsync();
        IStoreDeletion deletion = Offered<IStoreDeletion>(store);
        IStoreBackup backup = Offered<IStoreBackup>(store);
        string directory = fixture.NewDirectory(); // which only fixtures of stores that offer backups can name
        await backup.BackupAsync(directory, null, cancellationToken);
        await deletion.DeleteAsync(new() { Subtree = Name("example.com") }, s_now, null, cancellationToken);
        IObservationStore restored = await RestoreAsync(directory, await deletion.GetDeletionsAsync(cancellationToken));
        Expect.Equal(await RowsOfEveryKeyspaceAsync(store), await RowsOfEveryKeyspaceAsync(restored));
        Expect.Single(await Offered<IStoreDeletion>(restored).GetDeletionsAsync(cancellationToken));
        await restored.WriteAsync(World(50 * Day).Build(3), cancellationToken);
        Expect.Empty((await Answer.ReadAsync(restored, new QueryAnchor.Subtree(Name("example.com")))).Rows);
    }

    private async Task ABackupIntoADirectoryWithSomethingInItIsRefused()
    {
        IObservationStore store = await WorldAsync();
        IStoreBackup backup = Offered<IStoreBackup>(store);
        string directory = fixture.NewDirectory();
        Directory.CreateDirectory(directory);
        string file = Path.Combine(directory, "thesis.txt");
        await File.WriteAllTextAsync(file, "years of work", cancellationToken);
        await Expect.ThrowsAsync<ObservationStoreException>(() => backup.BackupAsync(directory, null, cancellationToken).AsTask());
        Expect.Equal([file], Directory.EnumerateFileSystemEntries(directory));
    }
}
