namespace PassiveDns.Benchmarks.Records;

/// <summary>All sound records of a corpus of messages: where each stands, its canonical data, and its text.</summary>
internal sealed class RecordCorpus
{
    private readonly MessageCorpus _messages;
    private readonly List<(int Message, int Offset, int Length, RecordType Type)> _records = [];
    private readonly List<byte[]> _canonical = [];
    private readonly List<byte[]> _texts = [];
    private readonly byte[] _data = new byte[RecordData.MaxLength];
    private readonly byte[] _text = new byte[700_000];

    public RecordCorpus(MessageCorpus messages)
    {
        _messages = messages;
        for (int i = 0; i < messages.Count; i++)
        {
            DnsReader reader = new(messages[i]);
            while (reader.Read())
            {
                if (reader.Section == DnsSection.Question || reader.Type == RecordType.OPT) continue;
                RdataStatus status = RecordData.Canonicalize(messages[i], reader.DataOffset, reader.Data.Length, reader.Type, _data, out int length);
                if (status == RdataStatus.Malformed) continue;
                _records.Add((i, reader.DataOffset, reader.Data.Length, reader.Type));
                _canonical.Add(_data[..length]);
                RdataText.TryFormat(reader.Type, _data.AsSpan(0, length), _text, out int written);
                _texts.Add(_text[..written]);
            }
        }
    }

    public string Name => _messages.Name;

    public int Count => _records.Count;

    /// <summary>Data as it stands in its message into canonical form.</summary>
    public long Canonicalize(int first, int count)
    {
        long octets = 0;
        for (int i = first; i < first + count; i++)
        {
            (int message, int offset, int length, RecordType type) = _records[i];
            RecordData.Canonicalize(_messages[message], offset, length, type, _data, out int written);
            octets += written;
        }

        return octets;
    }

    /// <summary>Canonical data into text.</summary>
    public long Format(int first, int count)
    {
        long octets = 0;
        for (int i = first; i < first + count; i++)
        {
            RdataText.TryFormat(_records[i].Type, _canonical[i], _text, out int written);
            octets += written;
        }

        return octets;
    }

    /// <summary>Text into canonical data.</summary>
    public long Parse(int first, int count)
    {
        long octets = 0;
        for (int i = first; i < first + count; i++)
        {
            RdataText.TryParse(_records[i].Type, _texts[i], _data, out int written);
            octets += written;
        }

        return octets;
    }
}
