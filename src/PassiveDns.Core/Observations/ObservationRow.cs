namespace PassiveDns;

/// <summary>
/// One row of a batch or of a page: an RRset (or one record of it, in answers to questions about data) and its history. It borrows the
/// octets of the <see cref="ObservationRows"/> it came from.
/// </summary>
public readonly ref struct ObservationRow
{
    /// <summary>The canonical owner name in wire format (see <see cref="DomainName.Wire"/>).</summary>
    public required ReadOnlySpan<byte> RrName { get; init; }

    /// <summary>The type.</summary>
    public required RecordType Type { get; init; }

    /// <summary>How many labels of the owner name, counted from the root, form the bailiwick: 0 (the root) to its label count.</summary>
    public required byte BailiwickLabels { get; init; }

    /// <summary>How the bailiwick is known.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>The canonical data.</summary>
    public required RdataSet Rdata { get; init; }

    /// <summary>The packed history (see <see cref="SightingCodec"/>).</summary>
    public required ReadOnlySpan<byte> History { get; init; }

    /// <summary>What was folded into the row. It is a part of the row's key: a summary and an RRset as it was answered are never one row.</summary>
    public SightingFolding Folding => SightingCodec.ReadFolding(History);

    /// <summary>The bailiwick in wire format: the owner name or an ancestor of it.</summary>
    public ReadOnlySpan<byte> Bailiwick => NameWire.Suffix(RrName, BailiwickLabels);

    /// <summary>Copies the row into an object that owns its data.</summary>
    public Observation ToObservation() => new(this);
}
