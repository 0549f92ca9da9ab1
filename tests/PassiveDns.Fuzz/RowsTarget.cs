namespace PassiveDns.Fuzz;

/// <summary>Packed rows from a file or a network: refused as a whole, or all of them can be read, and packed again they are the same octets.</summary>
internal static class RowsTarget
{
    public static void Run(ReadOnlySpan<byte> packed)
    {
        if (!ObservationRows.TryUnpack(packed, out ObservationRows? rows)) return;
        Promise.Same(packed, rows.Packed, "unpacked");
        ObservationRows again = new(16);
        foreach (ObservationRow row in rows)
        {
            Observation observation = row.ToObservation();
            Promise.Same(row.RrName, observation.RrName.Wire, "owner");
            Promise.Holds(observation.RrName.IsAtOrUnder(observation.Bailiwick), $"{observation.Bailiwick} is no ancestor of {observation.RrName}");
            Promise.Holds(SightingCodec.TryDecode(row.History, out SightingHistory? history) && history.Equals(observation.History), "history");
            Promise.Holds(row.Rdata.Count == observation.Rdata.Length && row.Rdata.Count > 0, "the data set");
            again.Add(row);
        }

        Promise.Holds(again.Count == rows.Count, $"{rows.Count} rows, {again.Count} read");
        Promise.Same(packed, again.Packed, "packed again");
    }
}
