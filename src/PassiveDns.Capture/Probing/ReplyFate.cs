namespace PassiveDns.Capture;

/// <summary>What became of a message that came back. The names are the words of the account.</summary>
internal enum ReplyFate : byte
{
    /// <summary>Handed on.</summary>
    Observed,

    /// <summary>The source was stopped before it was handed on.</summary>
    Held,

    /// <summary>Cut (TC); the whole was asked for over TCP.</summary>
    Truncated,

    /// <summary>It answers another question than ours, or has another id: a spoofing attempt.</summary>
    RefusedForeign,

    /// <summary>It answers our question, but not in our letters (0x20); the question was asked again over TCP.</summary>
    RefusedLetterCase,

    /// <summary>An error, or an answer of a server that does not serve the zone.</summary>
    RefusedLame,

    /// <summary>It cannot be read.</summary>
    RefusedMalformed,
}
