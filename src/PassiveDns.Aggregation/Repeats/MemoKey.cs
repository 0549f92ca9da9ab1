using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>By what a response is found in the memo.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MemoKey
{
    /// <summary>Whether it may be found there, or put there.</summary>
    public bool IsMemorable;

    /// <summary>The hash of the server's address.</summary>
    public int ServerHash;

    /// <summary>The hash of all that makes it the same response again.</summary>
    public ulong Hash;
}
