namespace PassiveDns.Events;

/// <summary>What an <see cref="ObservationFeed"/> has done.</summary>
/// <param name="Judged">Rows that were judged.</param>
/// <param name="Delivered">Events that subscribers have read or can still read, once for each of them.</param>
/// <param name="Dropped">Events that a subscriber lost because its queue was full, or was closed.</param>
/// <param name="Undecided">Rows of which it could not be said whether they are new; see <see cref="FeedOptions.MaxRowsRead"/>.</param>
public sealed record FeedReport(long Judged, long Delivered, long Dropped, long Undecided);
