namespace PassiveDns.Capture;

/// <summary>What became of a question to one server. The names are the words of the account.</summary>
internal enum QuestionFate : byte
{
    /// <summary>An answer or a referral that the walk could use.</summary>
    Answered,

    /// <summary>The answer was cut, so the question was asked again over TCP.</summary>
    AskedAgainOverTcp,

    /// <summary>The server does not know EDNS (RFC 6891 section 7), so the question was asked again without it.</summary>
    AskedAgainWithoutEdns,

    /// <summary>The server does not serve the zone that it is said to serve.</summary>
    Lame,

    /// <summary>No answer came in time.</summary>
    Timeout,

    /// <summary>The server cannot be reached.</summary>
    Unreachable,

    /// <summary>The answer cannot be read.</summary>
    Malformed,
}
