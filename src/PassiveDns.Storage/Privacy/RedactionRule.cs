namespace PassiveDns.Storage.Privacy;

/// <summary>Why a name was cut to a wildcard.</summary>
public enum RedactionRule : byte
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>A label holds an <c>@</c>: somebody's mail address.</summary>
    MailAddress,

    /// <summary>Four decimal or sixteen hexadecimal labels in a row: an address turned round, as in questions to block lists.</summary>
    ReversedAddress,

    /// <summary>A label holds an IPv4 address written out, such as <c>host-192-0-2-1</c>.</summary>
    AddressLabel,

    /// <summary>A long label of hexadecimal or base32 digits: a token, a digest or smuggled data.</summary>
    OpaqueLabel,

    /// <summary>A pattern of <see cref="RedactionOptions.Patterns"/>.</summary>
    Pattern,
}
