using System.Runtime.CompilerServices;

namespace PassiveDns.Storage;

/// <summary>Row by row reading for people.</summary>
public static partial class ObservationReaderExtensions
{
    /// <summary>Reads the rows that a query asks for, one by one. For programs that care about how complete the answer is, <see cref="IObservationReader.ReadAsync"/> tells.</summary>
    /// <param name="reader">The store or reader.</param>
    /// <param name="query">The question.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public static async IAsyncEnumerable<Observation> FindAsync(
        this IObservationReader reader, ObservationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (RecordPage page in reader.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            foreach (Observation observation in Own(page)) yield return observation;
        }
    }

    private static List<Observation> Own(RecordPage page)
    {
        List<Observation> owned = new(page.Rows.Count);
        foreach (ObservationRow row in page.Rows) owned.Add(row.ToObservation());
        return owned;
    }
}
