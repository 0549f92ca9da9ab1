using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace PassiveDns.Storage.Keys;

/// <summary>Writes and checks continuation tokens: how far a walk has come, bound to its question and its store.</summary>
/// <remarks>
/// <code>
/// base64url of: version u8, question 16 (digest), keyspace u8, key, seal 16 (HMAC-SHA-256 with the store's secret, cut)
/// </code>
/// The place is a key, not a number of rows, so that writes in between neither repeat nor skip a row that was there before. The seal keeps
/// callers from making a token of their own, with which they could look at keys outside of their question.
/// </remarks>
internal static class ContinuationToken
{
    private const byte Version = 1;
    private const int DigestLength = 16;
    private const int SealLength = 16;
    private const int HeadLength = 1 + DigestLength + 1;

    public static string Write(ObservationQuery query, ReadOnlySpan<byte> secret, Keyspace keyspace, ReadOnlySpan<byte> key)
    {
        byte[] token = new byte[HeadLength + key.Length + SealLength];
        token[0] = Version;
        WriteDigest(query, token.AsSpan(1));
        token[HeadLength - 1] = (byte)keyspace;
        key.CopyTo(token.AsSpan(HeadLength));
        Seal(secret, token.AsSpan(0, HeadLength + key.Length), token.AsSpan(HeadLength + key.Length));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Reads the token of a query.</summary>
    /// <returns>The last key that the walk had looked at; keyspace 0 if it had looked at none.</returns>
    public static (Keyspace Keyspace, byte[] Key) Read(ObservationQuery query, ReadOnlySpan<byte> secret)
    {
        byte[] token;
        try
        {
            token = Base64Url.DecodeFromChars(query.Continuation);
        }
        catch (FormatException)
        {
            throw Refused("it is not base64url");
        }

        if (token.Length < HeadLength + SealLength) throw Refused("it is cut off");
        if (token[0] != Version) throw Refused("another version of this library wrote it");
        Span<byte> seal = stackalloc byte[SealLength];
        int sealedLength = token.Length - SealLength;
        Seal(secret, token.AsSpan(0, sealedLength), seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, token.AsSpan(sealedLength))) throw Refused("it is damaged or another store wrote it");
        Span<byte> digest = stackalloc byte[DigestLength];
        WriteDigest(query, digest);
        if (!digest.SequenceEqual(token.AsSpan(1, DigestLength))) throw Refused("it belongs to another query");
        return ((Keyspace)token[HeadLength - 1], token[HeadLength..sealedLength]);
    }

    private static void Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> octets, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, octets, hash);
        hash[..SealLength].CopyTo(destination);
    }

    private static ArgumentException Refused(string reason) =>
        new($"The continuation does not fit: {reason}. Repeat the query that gave it, with the same store and filters, or start over without one.");

    /// <summary>What must stay the same from page to page: all of the query but limit, budget and the continuation itself.</summary>
    private static void WriteDigest(ObservationQuery query, Span<byte> destination)
    {
        ArrayBufferWriter<byte> question = new(256);
        WriteAnchor(query.Anchor, question);
        Put(question, (long)query.Types.Selection);
        foreach (RecordType type in query.Types.Types.Distinct().Order()) Put(question, (long)type);
        Put(question, query.Bailiwick is { } bailiwick ? bailiwick.Wire : default);
        Put(question, (long)query.Provenance);
        Put(question, query.Time.FirstBefore);
        Put(question, query.Time.FirstAfter);
        Put(question, query.Time.LastBefore);
        Put(question, query.Time.LastAfter);
        Put(question, query.Time.Present?.From);
        Put(question, query.Time.Present?.To);
        Put(question, (long)query.MinWitnesses);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(question.WrittenSpan, hash);
        hash[..DigestLength].CopyTo(destination);
    }

    private static void WriteAnchor(QueryAnchor anchor, ArrayBufferWriter<byte> to)
    {
        switch (anchor)
        {
            case QueryAnchor.OwnerName owner:
                Put(to, 1);
                Put(to, owner.Name.Wire);
                break;
            case QueryAnchor.Subtree subtree:
                Put(to, 2);
                Put(to, subtree.Apex.Wire);
                break;
            case QueryAnchor.NamePrefix prefix:
                Put(to, 3);
                Put(to, prefix.Labels.Wire);
                break;
            case QueryAnchor.Target target:
                Put(to, target.IncludeSubtree ? 5 : 4);
                Put(to, target.Name.Wire);
                break;
            case QueryAnchor.AddressRange range:
                Span<byte> octets = stackalloc byte[16];
                Put(to, 6);
                Put(to, octets[..range.First.CopyTo(octets)]);
                Put(to, octets[..range.Last.CopyTo(octets)]);
                break;
            case QueryAnchor.RawRdata raw:
                Put(to, raw.IsPrefix ? 8 : 7);
                Put(to, (long)raw.Type);
                Put(to, raw.Octets.Span);
                break;
            case QueryAnchor.FirstSeen seen:
                Put(to, 9);
                Put(to, seen.From);
                Put(to, seen.To);
                break;
            case QueryAnchor.Changed changed:
                Put(to, 11);
                Put(to, changed.From);
                Put(to, changed.To);
                break;
            default:
                Put(to, 10);
                break;
        }
    }

    private static void Put(ArrayBufferWriter<byte> to, long? value)
    {
        Span<byte> room = to.GetSpan(9);
        room[0] = value is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64BigEndian(room[1..], value ?? 0);
        to.Advance(9);
    }

    private static void Put(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> octets)
    {
        Put(to, octets.Length);
        to.Write(octets);
    }
}
