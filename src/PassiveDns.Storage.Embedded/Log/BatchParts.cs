namespace PassiveDns.Storage.Embedded.Log;

/// <summary>Hands a batch on part by part, so that what is made of it is no longer than what is made of a part.</summary>
internal static class BatchParts
{
    /// <summary>Cuts a batch between rows.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="octets">About how long the rows of a part are.</param>
    /// <param name="take">Takes a part, with the batch's id; its rows are borrowed. A batch that is no longer than a part is handed on as it is.</param>
    public static void Cut(ObservationBatch batch, int octets, Action<ObservationBatch> take)
    {
        if (batch.Rows.Packed.Length <= octets)
        {
            take(batch);
            return;
        }

        ObservationRows rows = new(octets + octets / 8);
        ObservationBatch part = new(batch.Id, rows);
        foreach (ObservationRow row in batch.Rows)
        {
            rows.Add(row);
            if (rows.Packed.Length < octets) continue;
            take(part);
            rows.Clear();
        }

        if (rows.Count > 0) take(part);
    }
}
