using System.Buffers.Binary;

namespace PassiveDns;

public static partial class RdataText
{
    /// <summary>RFC 9460 section 2.1: <c>key=value</c>, quoted where BIND quotes.</summary>
    private static void AddParams(scoped ReadOnlySpan<byte> rest, ref AsciiWriter writer)
    {
        while (ServiceParams.TryRead(ref rest, out ushort key, out ReadOnlySpan<byte> value))
        {
            writer.Separate();
            AddKey(key, ref writer);
            if (value.IsEmpty) continue;
            writer.Add((byte)'=');
            AddValue(ServiceParams.Kind(key), value, ref writer);
        }
    }

    private static void AddKey(ushort key, ref AsciiWriter writer)
    {
        ReadOnlySpan<byte> name = ServiceParams.Name(key);
        if (name.IsEmpty)
        {
            writer.Add("key"u8);
            writer.AddNumber(key);
        }
        else
        {
            writer.Add(name);
        }
    }

    private static void AddValue(ServiceParams.ValueKind kind, scoped ReadOnlySpan<byte> value, ref AsciiWriter writer)
    {
        switch (kind)
        {
            case ServiceParams.ValueKind.Number:
                writer.AddNumber(BinaryPrimitives.ReadUInt16BigEndian(value));
                return;
            case ServiceParams.ValueKind.Base64:
                writer.AddBase64(value);
                return;
            case ServiceParams.ValueKind.Protocols or ServiceParams.ValueKind.Segments:
                AddProtocols(value, ref writer);
                return;
            case ServiceParams.ValueKind.Transports:
                AddTransports(value, ref writer);
                return;
            case ServiceParams.ValueKind.Keys or ServiceParams.ValueKind.Numbers
                or ServiceParams.ValueKind.Addresses4 or ServiceParams.ValueKind.Addresses6:
                AddList(kind, value, ref writer);
                return;
            default:
                writer.AddQuoted(value);
                return;
        }
    }

    private static void AddList(ServiceParams.ValueKind kind, scoped ReadOnlySpan<byte> value, ref AsciiWriter writer)
    {
        int size = kind switch
        {
            ServiceParams.ValueKind.Addresses4 => 4,
            ServiceParams.ValueKind.Addresses6 => 16,
            _ => 2,
        };
        for (int at = 0; at < value.Length; at += size)
        {
            if (at > 0) writer.Add((byte)',');
            ReadOnlySpan<byte> item = value.Slice(at, size);
            if (kind == ServiceParams.ValueKind.Keys) AddKey(BinaryPrimitives.ReadUInt16BigEndian(item), ref writer);
            else if (kind == ServiceParams.ValueKind.Numbers) writer.AddNumber(BinaryPrimitives.ReadUInt16BigEndian(item));
            else writer.AddAddress(item);
        }
    }

    /// <summary>
    /// RFC 9460 appendix A.1: escapes in two stages. First a comma or backslash inside an identifier gets a backslash, then the whole is a
    /// character-string, in which each backslash is doubled. So a comma becomes <c>\\,</c> and a backslash <c>\\\\</c>.
    /// </summary>
    private static void AddProtocols(scoped ReadOnlySpan<byte> value, ref AsciiWriter writer)
    {
        writer.Add((byte)'"');
        for (int at = 0; at < value.Length; at += value[at] + 1)
        {
            if (at > 0) writer.Add((byte)',');
            ReadOnlySpan<byte> protocol = value.Slice(at + 1, value[at]);
            for (int i = 0; i < protocol.Length; i++)
            {
                if (protocol[i] is (byte)',' or (byte)'\\') writer.Add("\\\\"u8);
                writer.AddEscaped(protocol.Slice(i, 1));
            }
        }

        writer.Add((byte)'"');
    }

    /// <summary>draft-johani-dnsop-svcb-oots-00: <c>"transport:share,transport:share"</c>.</summary>
    private static void AddTransports(scoped ReadOnlySpan<byte> value, ref AsciiWriter writer)
    {
        byte separator = (byte)'"';
        while (ServiceParams.TryReadTransport(ref value, out ReadOnlySpan<byte> transport, out byte share))
        {
            writer.Add(separator);
            writer.Add(transport);
            writer.Add((byte)':');
            writer.AddNumber(share);
            separator = (byte)',';
        }

        writer.Add((byte)'"');
    }
}
