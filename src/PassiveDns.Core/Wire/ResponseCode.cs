namespace PassiveDns;

/// <summary>The outcome of a query (RFC 1035 section 4.1.1, RFC 6895 section 2.3, RFC 6891 section 6.1.3). Other values are legal.</summary>
public enum ResponseCode : ushort
{
    /// <summary>NOERROR.</summary>
    NoError = 0,

    /// <summary>FORMERR: the server could not read the query.</summary>
    FormatError = 1,

    /// <summary>SERVFAIL.</summary>
    ServerFailure = 2,

    /// <summary>NXDOMAIN: the name does not exist.</summary>
    NameError = 3,

    /// <summary>NOTIMP.</summary>
    NotImplemented = 4,

    /// <summary>REFUSED.</summary>
    Refused = 5,

    /// <summary>YXDOMAIN (RFC 2136; RFC 6672 section 2.2 for a DNAME that makes a name too long).</summary>
    NameExists = 6,

    /// <summary>NOTAUTH.</summary>
    NotAuthoritative = 9,

    /// <summary>BADVERS (RFC 6891 section 9).</summary>
    BadVersion = 16,

    /// <summary>BADCOOKIE (RFC 7873 section 8).</summary>
    BadCookie = 23,
}
