namespace PassiveDns.Fuzz;

/// <summary>A message that is sound is written anew from its records, with and without compression: what is read back is the same.</summary>
internal static class WriterTarget
{
    private const int MaxLength = 60_000; // what the writer refuses for its length is no finding
    private static readonly ResponseDecoder s_decoder = new();
    private static readonly ResponseDecoder s_again = new();

    public static void Run(ReadOnlySpan<byte> message)
    {
        if (s_decoder.Decode(message) != DnsError.None) return;
        int length = DnsHeader.Length + s_decoder.QuestionName.Length;
        for (int i = 0; i < s_decoder.Count; i++)
        {
            ResponseRecord record = s_decoder[i];
            if (record.DataStatus == RdataStatus.Malformed) return; // has no canonical data
            length += record.Owner.Length + 10 + record.Data.Length;
        }

        if (length > MaxLength) return;
        Check(message, compress: true);
        Check(message, compress: false);
    }

    private static void Check(ReadOnlySpan<byte> message, bool compress)
    {
        DnsWriter writer = new((ushort)(message[0] << 8 | message[1]), (ushort)(message[2] << 8 | message[3]), compress);
        if (s_decoder.HasQuestion) writer.Question(Name(s_decoder.QuestionName), s_decoder.QuestionType, s_decoder.QuestionClass);
        for (int i = 0; i < s_decoder.Count; i++)
        {
            ResponseRecord record = s_decoder[i];
            if (record.Type == RecordType.OPT)
            {
                bool isDnssecOk = (record.RawTimeToLive & 0x8000) != 0;
                writer.Edns((ushort)record.Class, isDnssecOk, s_decoder.ExtendedResponseCode, record.Data);
            }
            else
            {
                writer.Record(record.Section, Name(record.Owner), record.Type, record.RawTimeToLive, record.Data, record.Class);
            }
        }

        DnsError error = s_again.Decode(writer.Message);
        Promise.Holds(error == DnsError.None, $"what was written is refused: {error} at {s_again.ErrorOffset}");
        Promise.Holds(s_again.Header == s_decoder.Header && s_again.TrailingBytes == 0, "header or length");
        Promise.Same(s_decoder.QuestionName, s_again.QuestionName, "question");
        Promise.Holds(s_again.QuestionType == s_decoder.QuestionType && s_again.QuestionClass == s_decoder.QuestionClass, "type or class of the question");
        Promise.Holds(s_again.ExtendedResponseCode == s_decoder.ExtendedResponseCode, "response code");
        Promise.Holds(s_again.Count == s_decoder.Count, $"{s_decoder.Count} records, {s_again.Count} read back");
        for (int i = 0; i < s_decoder.Count; i++) Compare(s_decoder[i], s_again[i]);
    }

    private static void Compare(ResponseRecord expected, ResponseRecord actual)
    {
        Promise.Same(expected.Owner, actual.Owner, "owner");
        Promise.Same(expected.Data, actual.Data, $"{expected.Type} data");
        Promise.Holds(expected.Type == actual.Type && expected.Class == actual.Class && expected.Section == actual.Section, "type, class or section");
        Promise.Holds(expected.Type == RecordType.OPT || expected.RawTimeToLive == actual.RawTimeToLive, "TTL");
        Promise.Holds((expected.DataStatus == RdataStatus.Opaque) == (actual.DataStatus == RdataStatus.Opaque), "opaque data");
    }

    private static DomainName Name(ReadOnlySpan<byte> wire)
    {
        Promise.Holds(DomainName.TryFromWire(wire, out DomainName name), "a canonical name is no name");
        return name;
    }
}
