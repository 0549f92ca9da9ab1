namespace PassiveDns.Fuzz;

/// <summary>
/// A message: read everything, print everything. <see cref="ResponseDecoder"/> must say the same as <see cref="DnsReader"/> with
/// <see cref="RecordData.Canonicalize"/>, error values and offsets included.
/// </summary>
internal static class ReaderTarget
{
    private static readonly ResponseDecoder s_decoder = new();
    private static readonly byte[] s_canonical = new byte[RecordData.MaxLength];

    public static void Run(ReadOnlySpan<byte> message)
    {
        DnsError error = s_decoder.Decode(message);
        DnsReader reader = new(message);
        Span<byte> owner = stackalloc byte[DomainName.MaxWireLength];
        int index = 0;
        while (reader.Read())
        {
            ReadOnlySpan<byte> name = owner[..reader.Name.CopyCanonicalTo(owner)];
            CheckName(reader.Name, name);
            if (reader.Section == DnsSection.Question)
            {
                if (error == DnsError.None) CheckQuestion(reader, name);
                continue;
            }

            RdataStatus status = RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, reader.Type, s_canonical, out int length);
            ReadOnlySpan<byte> canonical = s_canonical.AsSpan(0, length);
            Promise.Holds(status != RdataStatus.Malformed || length == 0, "malformed data has a length");
            if (error == DnsError.None) CheckRecord(s_decoder[index], reader, name, status, canonical);
            if (status != RdataStatus.Malformed) RdataPromises.Check(reader.Type, canonical);
            index++;
        }

        Promise.Holds(reader.Error == error, $"reader {reader.Error}, decoder {error}");
        Promise.Holds(reader.ErrorOffset == s_decoder.ErrorOffset, $"{error}: reader at {reader.ErrorOffset}, decoder at {s_decoder.ErrorOffset}");
        Promise.Holds(reader.Header == s_decoder.Header, "headers differ");
        Promise.Holds(s_decoder.Count == (error == DnsError.None ? index : 0), $"reader {index} records, decoder {s_decoder.Count}");
        if (error != DnsError.None) return;
        Promise.Holds(reader.TrailingBytes == s_decoder.TrailingBytes, $"trailing {reader.TrailingBytes} and {s_decoder.TrailingBytes}");
        Promise.Holds(reader.HasOpt == s_decoder.HasOpt, "OPT");
        Promise.Holds(reader.ExtendedResponseCode == s_decoder.ExtendedResponseCode, "response codes differ");
        Promise.Holds(s_decoder.HasQuestion == (reader.Header.QuestionCount == 1), "question");
    }

    private static void CheckName(WireName view, ReadOnlySpan<byte> canonical)
    {
        Promise.Holds(view.Length == canonical.Length, "length of a name");
        DomainName name = view.ToDomainName();
        Promise.Same(canonical, name.Wire, "canonical name");
        Promise.Holds(name.LabelCount == view.LabelCount, "labels of a name");
        Promise.Holds(DomainName.TryParse(view.ToString(), out DomainName parsed) && parsed == name, $"{view.ToString()} is not read back");
    }

    private static void CheckQuestion(in DnsReader reader, ReadOnlySpan<byte> name)
    {
        Promise.Same(name, s_decoder.QuestionName, "question");
        Promise.Holds(reader.Type == s_decoder.QuestionType && reader.Class == s_decoder.QuestionClass, "type or class of the question");
        Promise.Holds(reader.Name.LabelCount == s_decoder.QuestionLabels, "labels of the question");
        Promise.Holds(OctetHash.Compute(name) == s_decoder.QuestionHash, "hash of the question");
    }

    private static void CheckRecord(ResponseRecord record, in DnsReader reader, ReadOnlySpan<byte> name, RdataStatus status, ReadOnlySpan<byte> canonical)
    {
        Promise.Same(name, record.Owner, "owner");
        Promise.Same(canonical, record.Data, $"{reader.Type} data");
        Promise.Holds(status == record.DataStatus, $"{reader.Type}: reader {status}, decoder {record.DataStatus}");
        Promise.Holds(reader.Section == record.Section, "section");
        Promise.Holds(reader.Type == record.Type && reader.Class == record.Class, "type or class");
        Promise.Holds(reader.RawTimeToLive == record.RawTimeToLive && reader.TimeToLive == record.TimeToLive, "TTL");
        Promise.Holds(reader.Name.LabelCount == record.OwnerLabels, "labels");
        Promise.Holds(OctetHash.Compute(name) == record.OwnerHash, "hash of the owner");
        Promise.Holds(OctetHash.Compute(canonical) == record.DataHash, $"hash of {reader.Type} data");
    }
}
