namespace PassiveDns.Storage.Cof;

/// <summary>How an answer in DNSDB's Streaming API Framing ended, which says whether the rows are all there are.</summary>
public enum CofFramingEnd : byte
{
    /// <summary>The input is not framed.</summary>
    None,

    /// <summary>The frame never ended: the input was cut off.</summary>
    Missing,

    /// <summary><c>succeeded</c>: the rows are all there are.</summary>
    Succeeded,

    /// <summary><c>limited</c>: there are more rows than were asked for.</summary>
    Limited,

    /// <summary><c>failed</c>: the answering database broke off.</summary>
    Failed,
}
