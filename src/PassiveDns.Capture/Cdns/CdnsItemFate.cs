namespace PassiveDns.Capture;

/// <summary>What became of an item of a C-DNS file: a query with its response, one of the two, or a malformed message.</summary>
internal enum CdnsItemFate : byte
{
    /// <summary>A query and its response were put together.</summary>
    QueryAndResponse,

    /// <summary>Only the query was seen.</summary>
    QueryOnly,

    /// <summary>Only the response was seen.</summary>
    ResponseOnly,

    /// <summary>The sensor says that the response came from a cache, or that it heard a stub, a client or a forwarder.</summary>
    RefusedByKind,

    /// <summary>Addresses were cut to a prefix, so that nobody can tell a resolver from a client.</summary>
    AddressCut,

    /// <summary>The sensor was not told to keep all that an observation needs.</summary>
    NotKept,

    /// <summary>A message that the sensor could not read.</summary>
    MalformedMessage,

    /// <summary>The item points outside the tables of its block, or its parts are not of their kind.</summary>
    MalformedItem,

    /// <summary>Put together, the message would be longer than any message.</summary>
    TooLong,
}
