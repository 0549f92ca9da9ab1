using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage;

/// <summary>One entry of a store's ledger of deletions: a tombstone. It says what is kept out from now on, and does not name the names.</summary>
/// <remarks>
/// The subtree stands in it as a digest, so that what was deleted is in no file in clear. Domain names can be guessed, so a digest is a pseudonym and
/// no secret. <see cref="Note"/> is kept as it is given.
/// <code>
/// packed = id 16, requested at i64, from i64, to i64, flags u8 (1 subtree, 2 targets, 4 sensor),
///          with flag 1: labels u8, check u16, digest 16; with flag 4: length u8, sensor; length u16, note in UTF-8 (big-endian)
/// check  = the low 16 bits of the name's CRC-32C, digest = the first 16 octets of the SHA-256 of "PassiveDns deletion" and the canonical name
/// </code>
/// </remarks>
public sealed record Deletion
{
    /// <summary>The most characters of a note.</summary>
    public const int MaxNoteLength = 200;

    private const int FixedLength = 16 + 3 * 8 + 1;
    private const byte HasSubtree = 1, HasTargets = 2, HasSensor = 4;

    private Deletion()
    {
    }

    /// <summary>What makes it the same deletion in every ledger.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was asked for, in Unix seconds.</summary>
    public required long RequestedAt { get; init; }

    /// <summary>The earliest sighting that it covers, in Unix seconds; 0 for no bound.</summary>
    public required long From { get; init; }

    /// <summary>The latest sighting that it covers, in Unix seconds; <see cref="long.MaxValue"/> for no bound.</summary>
    public required long To { get; init; }

    /// <summary>Whether only a name and what lies under it are meant; <see cref="Covers"/> tells which.</summary>
    public bool IsOfSubtree => SubtreeLabels >= 0;

    /// <summary>Whether rows that point into the subtree are meant, too.</summary>
    public bool IncludeTargets { get; private init; }

    /// <summary>The sensor whose sightings are meant, or <c>null</c> for all.</summary>
    public SensorId? Sensor { get; private init; }

    /// <summary>What the person who deleted wrote down, such as the number of a case; empty if nothing.</summary>
    public string Note { get; private init; } = "";

    internal int SubtreeLabels { get; private init; } = -1;

    internal ushort SubtreeCheck { get; private init; }

    internal UInt128 SubtreeDigest { get; private init; }

    /// <summary>Makes an entry of a scope.</summary>
    /// <param name="scope">What is deleted.</param>
    /// <param name="at">Now.</param>
    /// <param name="note">What to write down with it, at most <see cref="MaxNoteLength"/> characters; it is kept in clear.</param>
    /// <exception cref="ArgumentException">The scope is malformed or the note too long.</exception>
    public static Deletion Of(DeletionScope scope, DateTimeOffset at, string note = "")
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(note);
        if (scope.FindProblem() is { } problem) throw new ArgumentException($"Nothing can be deleted: {problem}.", nameof(scope));
        if (note.Length > MaxNoteLength) throw new ArgumentException($"The note has {note.Length} characters; the most is {MaxNoteLength}.", nameof(note));
        long now = at.ToUnixTimeSeconds();
        return new()
        {
            Id = Guid.NewGuid(),
            RequestedAt = now,
            From = scope.From ?? 0,
            To = scope.To ?? now,
            IncludeTargets = scope.IncludeTargets,
            Sensor = scope.Sensor,
            Note = note,
            SubtreeLabels = scope.Subtree?.LabelCount ?? -1,
            SubtreeCheck = scope.Subtree is { } name ? NameDigest.Check(name.Wire) : (ushort)0,
            SubtreeDigest = scope.Subtree is { } named ? NameDigest.Compute(named.Wire) : default,
        };
    }

    /// <summary>Whether a name belongs to the deletion's subtree; every name does if it has none.</summary>
    /// <param name="name">The name.</param>
    public bool Covers(DomainName name)
    {
        if (!IsOfSubtree) return true;
        if (name.LabelCount < SubtreeLabels) return false;
        DomainName ancestor = name.Ancestor(SubtreeLabels);
        return NameDigest.Check(ancestor.Wire) == SubtreeCheck && NameDigest.Compute(ancestor.Wire) == SubtreeDigest;
    }

    /// <summary>Packs the entry for a file or a database.</summary>
    public byte[] Encode()
    {
        byte[] sensor = Encoding.ASCII.GetBytes(Sensor?.Value ?? "");
        byte[] note = Encoding.UTF8.GetBytes(Note);
        byte[] packed = new byte[FixedLength + (IsOfSubtree ? 19 : 0) + (Sensor is null ? 0 : 1 + sensor.Length) + 2 + note.Length];
        Id.TryWriteBytes(packed, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan(16), RequestedAt);
        BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan(24), From);
        BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan(32), To);
        packed[40] = (byte)((IsOfSubtree ? HasSubtree : 0) | (IncludeTargets ? HasTargets : 0) | (Sensor is null ? 0 : HasSensor));
        int at = FixedLength;
        if (IsOfSubtree)
        {
            packed[at] = (byte)SubtreeLabels;
            BinaryPrimitives.WriteUInt16BigEndian(packed.AsSpan(at + 1), SubtreeCheck);
            BinaryPrimitives.WriteUInt128BigEndian(packed.AsSpan(at + 3), SubtreeDigest);
            at += 19;
        }

        if (Sensor is not null)
        {
            packed[at] = (byte)sensor.Length;
            sensor.CopyTo(packed, at + 1);
            at += 1 + sensor.Length;
        }

        BinaryPrimitives.WriteUInt16BigEndian(packed.AsSpan(at), (ushort)note.Length);
        note.CopyTo(packed, at + 2);
        return packed;
    }

    /// <summary>Unpacks an entry.</summary>
    /// <param name="packed">What <see cref="Encode"/> made.</param>
    /// <param name="deletion">The entry.</param>
    /// <returns><c>false</c> if the octets are none.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> packed, [NotNullWhen(true)] out Deletion? deletion)
    {
        deletion = null;
        if (packed.Length < FixedLength + 2) return false;
        int flags = packed[40], at = FixedLength;
        bool hasSubtree = (flags & HasSubtree) != 0;
        ReadOnlySpan<byte> subtree = default;
        if (hasSubtree)
        {
            if (packed.Length < at + 19) return false;
            subtree = packed.Slice(at, 19);
            at += 19;
        }

        string? sensor = null;
        if ((flags & HasSensor) != 0)
        {
            if (at >= packed.Length || packed.Length - at - 1 < packed[at]) return false;
            sensor = Encoding.ASCII.GetString(packed.Slice(at + 1, packed[at]));
            if (!SensorId.IsValid(sensor)) return false;
            at += 1 + packed[at];
        }

        if (packed.Length - at < 2 || packed.Length - at - 2 != BinaryPrimitives.ReadUInt16BigEndian(packed[at..])) return false;
        deletion = new()
        {
            Id = new(packed[..16], bigEndian: true),
            RequestedAt = BinaryPrimitives.ReadInt64BigEndian(packed[16..]),
            From = BinaryPrimitives.ReadInt64BigEndian(packed[24..]),
            To = BinaryPrimitives.ReadInt64BigEndian(packed[32..]),
            IncludeTargets = (flags & HasTargets) != 0,
            Sensor = sensor is null ? null : new(sensor),
            Note = Encoding.UTF8.GetString(packed[(at + 2)..]),
            SubtreeLabels = hasSubtree ? subtree[0] : -1,
            SubtreeCheck = hasSubtree ? BinaryPrimitives.ReadUInt16BigEndian(subtree[1..]) : (ushort)0,
            SubtreeDigest = hasSubtree ? BinaryPrimitives.ReadUInt128BigEndian(subtree[3..]) : default,
        };
        return true;
    }
}
