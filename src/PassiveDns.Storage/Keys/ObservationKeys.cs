using System.Security.Cryptography;

namespace PassiveDns.Storage.Keys;

/// <summary>
/// The key layout that every ordered store shares. Public, so that a store of your own can use it: any engine that orders octet strings as
/// unsigned bytes, writes several entries at once and reads from a snapshot needs nothing else.
/// </summary>
/// <remarks>
/// <code>
/// Rrsets     NK(owner) type16 bailiwick8 provenance8 tag(set)
/// Addresses  family8 (4 or 6) address NK(owner) type16 bailiwick8 provenance8
/// Targets    NK(target) type16 NK(owner) bailiwick8 provenance8 tag(record)
/// Rdata      type16 E(first 64 octets of rdata) end NK(owner) bailiwick8 provenance8
/// Sets       digest
/// Dnssec     as Rrsets: the rows of DNSSEC types stand here and not there
///
/// NK      the name's <see cref="NameKey"/>
/// tag     2f packed set, if that has at most 64 octets; else 2f+1 digest; f is what was folded into the row (see <see cref="SightingFolding"/>), 0 for
///         an exact row and in Targets
/// digest  the first 16 octets of the SHA-256 of the packed set
/// record  a packed set of one record
/// E       00 written as 01 01 and 01 as 01 02, then 00, as in a name key: exact and prefix search on rdata are ranges
/// end     00 if the rdata ends there, else 01 digest of the record
/// </code>
/// Numbers are big-endian. The value of each entry but in Sets is a packed history (see <see cref="SightingCodec"/>). The three spaces of
/// single records keep a history of their own for each record, merged over all sets that held it. A record stands in exactly one of them:
/// Addresses if it holds an address, else Targets if it points to a name, else Rdata. Rows whose data is a union or a sample have no entries there: the rows
/// of <see cref="SightingFolding.Records"/> have, so that what is known of a record is exact although its sets were folded.
/// The digest is cryptographic because input is hostile: with a fast hash two sets could be made to share a row.
/// </remarks>
public static partial class ObservationKeys
{
    /// <summary>Room that holds any key.</summary>
    public const int MaxLength = 2 * NameKey.MaxLength + 4 + 1 + MaxInline;

    /// <summary>The octets of a digest.</summary>
    public const int DigestLength = 16;

    /// <summary>The longest packed set, and the most octets of rdata, that stand in a key.</summary>
    public const int MaxInline = 64;

    internal const byte Inline = 0;
    internal const byte Digested = 1;
    internal const byte MaxTag = 15 << 1 | Digested; // every folding, with a digest

    /// <summary>The digest that stands for a long set.</summary>
    /// <param name="packedSet">The packed set.</param>
    /// <param name="destination"><see cref="DigestLength"/> octets.</param>
    public static void WriteDigest(ReadOnlySpan<byte> packedSet, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(packedSet, hash);
        hash[..DigestLength].CopyTo(destination);
    }

    /// <summary>Writes the start of an Addresses key.</summary>
    internal static int WriteAddress(HostAddress address, Span<byte> destination)
    {
        destination[0] = address.IsIPv4 ? (byte)4 : (byte)6;
        return 1 + address.CopyTo(destination[1..]);
    }

    /// <summary>Writes rdata so that byte order stays and no written form is the prefix of another, less the closing 00.</summary>
    internal static int WriteEscaped(ReadOnlySpan<byte> octets, Span<byte> destination)
    {
        int written = 0;
        foreach (byte b in octets)
        {
            if (b <= 1)
            {
                destination[written++] = 1;
                destination[written++] = (byte)(b + 1);
            }
            else
            {
                destination[written++] = b;
            }
        }

        return written;
    }
}
