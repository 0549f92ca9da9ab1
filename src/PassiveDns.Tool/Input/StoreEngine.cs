namespace PassiveDns.Tool.Input;

/// <summary>The kinds of store that the tool makes.</summary>
internal enum StoreEngine
{
    /// <summary>A RocksDB database.</summary>
    RocksDb,

    /// <summary>The store in managed code.</summary>
    Embedded,
}
