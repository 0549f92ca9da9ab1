using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>What is known of a response that was taken apart and scrubbed, and where its names and RRsets lie in a <see cref="Dissection"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct DissectedResponse
{
    public int FirstName;
    public int NameCount;
    public int FirstRrset;
    public int RrsetCount;

    /// <summary>RRsets in which a name was compressed in a type where RFC 3597 section 4 does not allow it.</summary>
    public int CompressedRrsets;

    /// <summary>The number of the name asked for.</summary>
    public int QuestionName;

    /// <summary>The number of the name that the chain of aliases ends at: the one asked for, if there is no alias.</summary>
    public int LastName;

    /// <summary>The hash of the name above the owner of the first RRset, which mostly is the zone in which that lies.</summary>
    public ulong ZoneHash;

    public RecordType QuestionType;
    public ResponseCode ResponseCode;

    /// <summary><see cref="ResponseFate.Accepted"/> if its RRsets can be looked at, or why nothing of it is believed.</summary>
    public ResponseFate Fate;

    public bool IsAuthoritative;
    public bool HasTrailingBytes;

    /// <summary>Whether it said that the name or the type does not exist.</summary>
    public bool IsNegative;

    /// <summary>Whether it points to the servers of a zone further down instead of answering.</summary>
    public bool IsReferral;
}
