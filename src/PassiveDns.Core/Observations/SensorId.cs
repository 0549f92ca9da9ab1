using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PassiveDns;

/// <summary>The name of a sensor: the place where traffic is seen, never a person or a client. 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</summary>
public readonly record struct SensorId
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly string? _value;

    /// <summary>Names a sensor.</summary>
    /// <param name="value">1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</param>
    /// <exception cref="ArgumentException">The name is empty, too long or holds another character.</exception>
    public SensorId(string value)
    {
        if (!IsValid(value))
        {
            throw new ArgumentException($"'{value}' is no sensor name: give 1 to {MaxLength} letters, digits, dots, underscores or hyphens.", nameof(value));
        }

        _value = value;
    }

    /// <summary>The name.</summary>
    public string Value => _value ?? "unnamed";

    /// <summary>A 32-bit fingerprint that stands for the sensor among the witnesses of a row: the start of the name's SHA-256.</summary>
    public uint Fingerprint
    {
        get
        {
            Span<byte> utf8 = stackalloc byte[MaxLength];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(Value, utf8)], hash);
            return BinaryPrimitives.ReadUInt32BigEndian(hash);
        }
    }

    /// <summary>Whether a text is a sensor name.</summary>
    public static bool IsValid(string? value) => value is { Length: > 0 and <= MaxLength } && !value.AsSpan().ContainsAnyExcept(s_allowed);

    /// <summary>The name.</summary>
    public override string ToString() => Value;
}
