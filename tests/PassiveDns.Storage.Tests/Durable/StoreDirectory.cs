namespace PassiveDns.Storage.Tests;

/// <summary>A directory that a test may fill; it goes when the test ends.</summary>
internal sealed class StoreDirectory : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pdns-store-").FullName;
    private int _stores;

    public string Next() => Path.Combine(_root, $"store{++_stores}");

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
