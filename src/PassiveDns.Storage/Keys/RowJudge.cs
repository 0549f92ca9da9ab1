namespace PassiveDns.Storage.Keys;

/// <summary>Says what becomes of a row.</summary>
/// <param name="row">The row; in the spaces of single records a row of one record.</param>
/// <param name="history">Its new history if it is changed; else <c>null</c>.</param>
public delegate RowFate RowJudge(scoped in ObservationRow row, out byte[]? history);
