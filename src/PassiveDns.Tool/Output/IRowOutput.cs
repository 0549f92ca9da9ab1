namespace PassiveDns.Tool.Output;

/// <summary>A form in which rows are written: lines of JSON for programs, or a table for people.</summary>
internal interface IRowOutput : IDisposable
{
    /// <summary>Takes some rows of the answer.</summary>
    /// <param name="rows">The rows.</param>
    void Write(ObservationRows rows);

    /// <summary>Ends the answer: everything is written now.</summary>
    void End();
}
