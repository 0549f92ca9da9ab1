namespace PassiveDns.Storage.Conformance;

/// <summary>How the life of a store ends before it is opened again.</summary>
public enum StoreEnd : byte
{
    /// <summary>It is disposed.</summary>
    Closed,

    /// <summary>Its process dies: nothing is flushed, closed or tidied up. A fixture may copy the files of the running store instead and open the copy.</summary>
    Killed,
}
