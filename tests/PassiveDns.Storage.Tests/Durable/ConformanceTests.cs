namespace PassiveDns.Storage.Tests;

/// <summary>What every store must do, tried on the store under test; a copy of the files of a running store stands for what a killed process leaves.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string> Case_ids => [.. StoreConformance.Cases.Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Case_ids))]
    public async Task The_store_conforms(string id)
    {
        await using Fixture fixture = new();
        Assert.True(await StoreConformance.Cases.Single(c => c.Id == id).RunAsync(fixture, TestContext.Current.CancellationToken));
    }

    private sealed class Fixture : StoreFixture
    {
        private readonly StoreDirectory _directory = new();
        private readonly Dictionary<IObservationStore, string> _paths = [];

        public override bool IsDurable => true;

        public override ValueTask<IObservationStore> OpenAsync(TimeSpan intervalGap, CancellationToken cancellationToken) => new(Open(_directory.Next(), intervalGap));

        public override async ValueTask<IObservationStore> ReopenAsync(IObservationStore store, StoreEnd how, CancellationToken cancellationToken)
        {
            string path = _paths[store];
            if (how == StoreEnd.Killed)
            {
                // What a dead process leaves: the files as they are at this moment, without a flush or a farewell.
                path = Copy(path);
            }

            await store.DisposeAsync();
            return Open(path, null);
        }

        private string Copy(string path)
        {
            while (true)
            {
                string copy = _directory.Next();
                Directory.CreateDirectory(copy);
                try
                {
                    foreach (string file in Directory.GetFiles(path).Where(f => Path.GetFileName(f) != "LOCK")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
                    return copy;
                }
                catch (FileNotFoundException)
                {
                    // The engine took a file away meanwhile, so that this copy is of no one moment.
                }
            }
        }

        public override string NewDirectory() => _directory.Next();

        public override async ValueTask<IObservationStore> RestoreAsync(string backup, IReadOnlyList<Deletion> deletions, CancellationToken cancellationToken)
        {
            string path = _directory.Next();
            await TestedStore.RestoreAsync(backup, path, deletions);
            return Open(path, null);
        }

        public override ValueTask DisposeAsync()
        {
            _directory.Dispose();
            return base.DisposeAsync();
        }

        private IObservationStore Open(string path, TimeSpan? intervalGap)
        {
            IObservationStore store = TestedStore.Open(path, intervalGap);
            _paths.Add(store, path);
            return store;
        }
    }
}
