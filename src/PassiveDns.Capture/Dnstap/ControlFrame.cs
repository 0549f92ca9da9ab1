using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>A control frame of Frame Streams: its type and what it says about content types. All numbers are 32 bits, big-endian.</summary>
internal readonly ref struct ControlFrame
{
    /// <summary>The longest control frame, behind its length.</summary>
    public const int MaxLength = 512;

    /// <summary>The only content type that is taken.</summary>
    public static ReadOnlySpan<byte> Dnstap => "protobuf:dnstap.Dnstap"u8;

    private const uint ContentTypeField = 1;
    private const int MaxContentType = 256;

    private ControlFrame(ControlFrameType type, int contentTypes, bool offersDnstap, ReadOnlySpan<byte> firstContentType)
    {
        Type = type;
        ContentTypes = contentTypes;
        OffersDnstap = offersDnstap;
        FirstContentType = firstContentType;
    }

    /// <summary>The type; perhaps none that is known.</summary>
    public ControlFrameType Type { get; }

    /// <summary>How many content types it names. None means that any will do.</summary>
    public int ContentTypes { get; }

    /// <summary>Whether dnstap is among them.</summary>
    public bool OffersDnstap { get; }

    /// <summary>The first content type it names, or nothing.</summary>
    public ReadOnlySpan<byte> FirstContentType { get; }

    /// <summary>Whether dnstap may follow.</summary>
    public bool AllowsDnstap => ContentTypes == 0 || OffersDnstap;

    /// <summary>Reads a control frame.</summary>
    /// <param name="octets">The frame behind its escape and its length.</param>
    /// <param name="frame">The frame.</param>
    /// <returns><c>false</c> if its fields do not fit into it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> octets, out ControlFrame frame)
    {
        frame = default;
        if (!TryReadNumber(ref octets, out uint type)) return false;
        int contentTypes = 0;
        bool offersDnstap = false;
        ReadOnlySpan<byte> first = default;
        while (!octets.IsEmpty)
        {
            if (!TryReadNumber(ref octets, out uint field) || !TryReadNumber(ref octets, out uint length) || length > octets.Length) return false;
            ReadOnlySpan<byte> value = octets[..(int)length];
            octets = octets[(int)length..];
            if (field != ContentTypeField) continue; // fields that come later than this code are not for it
            if (length > MaxContentType) return false;
            if (contentTypes++ == 0) first = value;
            offersDnstap |= value.SequenceEqual(Dnstap);
        }

        frame = new((ControlFrameType)type, contentTypes, offersDnstap, first);
        return true;
    }

    /// <summary>Makes a control frame as it goes over the wire, escape and length included.</summary>
    /// <param name="type">The type.</param>
    /// <param name="namesDnstap">Whether it names dnstap as its content type.</param>
    public static byte[] Write(ControlFrameType type, bool namesDnstap)
    {
        int length = 4 + (namesDnstap ? 8 + Dnstap.Length : 0);
        byte[] frame = new byte[8 + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), (uint)type);
        if (!namesDnstap) return frame;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(12), ContentTypeField);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(16), Dnstap.Length);
        Dnstap.CopyTo(frame.AsSpan(20));
        return frame;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> octets, out uint number)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(octets, out number)) return false;
        octets = octets[4..];
        return true;
    }
}
