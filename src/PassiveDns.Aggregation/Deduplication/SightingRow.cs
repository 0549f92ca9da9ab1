using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>The numbers of one row; its key, the owner name and the packed rdata set, follows at once behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SightingRow
{
    /// <summary>The octets before the key.</summary>
    public const int Size = 48;

    public ulong Hash;
    public long FirstSeen;
    public long LastSeen;
    public long Count;
    public uint MinTimeToLive;
    public uint MaxTimeToLive;

    /// <summary>Type, bailiwick labels and provenance as one number, in the order in which rows sort.</summary>
    public uint Head;

    /// <summary>The length of the rdata set in the upper 24 bits, of the name in the lower 8.</summary>
    public uint Lengths;

    public readonly int NameLength => (int)(Lengths & 0xFF);

    public readonly int RdataLength => (int)(Lengths >> 8);

    public readonly RecordType Type => (RecordType)(Head >> 16);

    public readonly byte BailiwickLabels => (byte)(Head >> 8);

    public readonly Provenance Provenance => (Provenance)(byte)Head;

    public static uint MakeHead(RecordType type, int bailiwickLabels, Provenance provenance) =>
        (uint)type << 16 | (uint)bailiwickLabels << 8 | (uint)provenance;
}
