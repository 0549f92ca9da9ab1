using PassiveDns.Storage;
using PassiveDns.Storage.Conformance;

namespace CustomStore;

/// <summary>Tells the conformance kit how to open the store.</summary>
public sealed class SqliteFixture : StoreFixture
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("passivedns-sqlite-");
    private readonly Dictionary<IObservationStore, string> _files = [];
    private int _count;

    public override bool IsDurable => true;

    public override ValueTask<IObservationStore> OpenAsync(TimeSpan intervalGap, CancellationToken cancellationToken) => new(Open(Next(), intervalGap));

    public override async ValueTask<IObservationStore> ReopenAsync(IObservationStore store, StoreEnd how, CancellationToken cancellationToken)
    {
        string file = _files[store];
        if (how == StoreEnd.Killed)
        {
            // What a dead process leaves: the files as they are now, without a farewell.
            string copy = Next();
            File.Copy(file, copy);
            if (File.Exists(file + "-wal")) File.Copy(file + "-wal", copy + "-wal");
            file = copy;
        }

        await store.DisposeAsync();
        return Open(file, null);
    }

    public override ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return base.DisposeAsync();
    }

    private string Next() => Path.Combine(_directory.FullName, $"{++_count}.sqlite");

    private SqliteStore Open(string file, TimeSpan? intervalGap)
    {
        SqliteStore store = new(file, intervalGap);
        _files.Add(store, file);
        return store;
    }
}
