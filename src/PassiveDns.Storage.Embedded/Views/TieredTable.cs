using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>A table file and how often what is in it was merged: 0 for what came from memory.</summary>
/// <param name="Number">The number in its name.</param>
/// <param name="Tier">The tier.</param>
/// <param name="Table">The table.</param>
internal sealed record TieredTable(long Number, int Tier, FileTable Table)
{
    /// <summary>What the manifest says of it.</summary>
    public (long Number, int Tier, int DeletionsApplied) Entry => (Number, Tier, Table.DeletionsApplied);
}
