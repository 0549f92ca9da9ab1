namespace PassiveDns.Tool.Input;

/// <summary>The kinds of store that the tool makes.</summary>
internal enum StoreEngine
{
    /// <summary>The store in managed code, the default.</summary>
    Embedded,

    /// <summary>A RocksDB database.</summary>
    RocksDb,
}
