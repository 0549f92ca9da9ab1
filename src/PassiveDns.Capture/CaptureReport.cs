namespace PassiveDns.Capture;

/// <summary>The account of a source: what came in and what became of it, stage by stage.</summary>
public sealed record CaptureReport
{
    /// <summary>Octets read from the medium so far (of a compressed file: of the file as it lies on the disk).</summary>
    public long BytesRead { get; init; }

    /// <summary>Octets that there are to read, or <c>null</c> if the source has no end that is known.</summary>
    public long? BytesTotal { get; init; }

    /// <summary>Packets (or frames) read: the sum of all lines of <see cref="Account"/> whose stage is <c>packets</c>.</summary>
    public long Packets { get; init; }

    /// <summary>DNS messages found in them: the sum of all lines whose stage is <c>messages</c>.</summary>
    public long Messages { get; init; }

    /// <summary>Responses handed on: the line <c>messages/observed</c>.</summary>
    public long Observed { get; init; }

    /// <summary>What became of each packet and of each message: every one stands in exactly one line of its stage.</summary>
    public required IReadOnlyList<StageCount> Account { get; init; }

    /// <summary>Where and how the input is damaged, if reading had to end before its end; what came before it counts.</summary>
    public CaptureDamage? Damage { get; init; }

    /// <summary>Sentences for the person who reads the summary, such as what was inferred about the vantage. They hold no address.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
