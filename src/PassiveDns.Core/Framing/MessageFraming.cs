using System.Buffers;
using System.Buffers.Binary;

namespace PassiveDns;

/// <summary>DNS over a stream: each message follows its length in two octets (RFC 1035 section 4.2.2, RFC 7766 section 8).</summary>
public static class MessageFraming
{
    /// <summary>The octets of the length in front of a message.</summary>
    public const int PrefixLength = 2;

    /// <summary>The longest message, in octets.</summary>
    public const int MaxMessageLength = ushort.MaxValue;

    /// <summary>Takes the next message off the front of a buffer, wherever the buffer's segments begin and end.</summary>
    /// <param name="buffer">What was received; only moved on if the result is <c>true</c>.</param>
    /// <param name="message">The message without its length; it borrows the buffer. Empty if the sender gave the length 0.</param>
    /// <returns><c>false</c> if the message is not there to its end. At most 65,537 octets must then be waited for.</returns>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < PrefixLength) return false;
        ReadOnlySpan<byte> first = buffer.FirstSpan;
        int length = first.Length >= PrefixLength ? BinaryPrimitives.ReadUInt16BigEndian(first) : ReadSplitLength(buffer);
        if (buffer.Length - PrefixLength < length) return false;
        message = buffer.Slice(PrefixLength, length);
        buffer = buffer.Slice(message.End);
        return true;
    }

    /// <summary>Takes the next message off the front of contiguous octets.</summary>
    /// <param name="buffer">What was received; only moved on if the result is <c>true</c>.</param>
    /// <param name="message">The message without its length; it borrows the buffer. Empty if the sender gave the length 0.</param>
    /// <returns><c>false</c> if the message is not there to its end.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (buffer.Length < PrefixLength) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
        if (buffer.Length - PrefixLength < length) return false;
        message = buffer.Slice(PrefixLength, length);
        buffer = buffer[(PrefixLength + length)..];
        return true;
    }

    /// <summary>The length itself is cut in two.</summary>
    private static int ReadSplitLength(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt16BigEndian(prefix);
    }
}
