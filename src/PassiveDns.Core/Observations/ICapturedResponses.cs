namespace PassiveDns;

/// <summary>Responses that can be looked at in any order, such as a buffer that a source has filled: so that work on one can overlap with work on the next.</summary>
public interface ICapturedResponses
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>One of them; it borrows its octets.</summary>
    /// <param name="index">0 or more, less than <see cref="Count"/>.</param>
    CapturedResponse this[int index] { get; }
}
