namespace PassiveDns.Capture;

/// <summary>The part <c>DNSResponse</c> of a message of PowerDNS: slices of the frame, which it borrows.</summary>
internal ref struct PowerDnsAnswer
{
    private const ulong HighestCode = 15; // of a header without EDNS (RFC 1035 section 4.1.1)
    private const ulong NoPolicyAction = 1;

    private ReadOnlySpan<byte> _octets;

    /// <summary>The response code.</summary>
    public byte Code { get; private set; }

    /// <summary>Whether there is a code that a header can hold; 65536 stands for a network error.</summary>
    public bool HasCode { get; private set; }

    /// <summary>Whether a local policy (RPZ, Lua) made this answer.</summary>
    public bool IsPolicyApplied { get; private set; }

    /// <summary>When the query was sent, in seconds since 1970.</summary>
    public ulong? QuerySeconds { get; private set; }

    /// <summary>The microseconds of that time.</summary>
    public ulong QueryMicroseconds { get; private set; }

    /// <summary>Reads all but the records, which <see cref="GetRecords"/> walks over.</summary>
    /// <returns><c>false</c> if it is no Protocol Buffers message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> octets, out PowerDnsAnswer answer)
    {
        answer = new() { _octets = octets };
        ProtobufReader fields = new(octets);
        while (fields.Read())
        {
            switch (fields.Field, fields.WireType)
            {
                case (1, ProtobufReader.Varint):
                    answer.HasCode = fields.Number <= HighestCode;
                    answer.Code = (byte)Math.Min(fields.Number, HighestCode);
                    break;
                case (3, ProtobufReader.LengthDelimited):
                    answer.IsPolicyApplied |= !fields.Octets.IsEmpty;
                    break;
                case (5, ProtobufReader.Varint):
                    answer.QuerySeconds = fields.Number;
                    break;
                case (6, ProtobufReader.Varint):
                    answer.QueryMicroseconds = fields.Number;
                    break;
                case (10, ProtobufReader.Varint):
                    answer.IsPolicyApplied |= fields.Number != NoPolicyAction;
                    break;
            }
        }

        return !fields.IsMalformed;
    }

    /// <summary>Walks over the records.</summary>
    public readonly Records GetRecords() => new(_octets);

    /// <summary>A walk over the records of an answer.</summary>
    public ref struct Records(ReadOnlySpan<byte> answer)
    {
        private ProtobufReader _fields = new(answer);

        /// <summary>The owner's name as text, with its final dot.</summary>
        public ReadOnlySpan<byte> Name { get; private set; }

        /// <summary>The type, or 0 if it has none that a record can have.</summary>
        public ushort Type { get; private set; }

        /// <summary>The data: octets of an address, and text of everything else. Nothing if PowerDNS left it out.</summary>
        public ReadOnlySpan<byte> Data { get; private set; }

        /// <summary>The TTL in seconds.</summary>
        public uint TimeToLive { get; private set; }

        /// <summary>Whether it is of class IN and has a type, a TTL and data.</summary>
        public bool IsWhole { get; private set; }

        /// <summary>Moves to the next record. One that cannot be read is not whole.</summary>
        public bool MoveNext()
        {
            while (_fields.Read())
            {
                if (_fields is not { Field: 2, WireType: ProtobufReader.LengthDelimited }) continue;
                ReadRecord(_fields.Octets);
                return true;
            }

            return false;
        }

        private void ReadRecord(ReadOnlySpan<byte> record)
        {
            Name = Data = default;
            (ulong type, ulong @class, ulong timeToLive, bool hasData) = (0, 0, ulong.MaxValue, false);
            ProtobufReader fields = new(record);
            while (fields.Read())
            {
                switch (fields.Field, fields.WireType)
                {
                    case (1, ProtobufReader.LengthDelimited):
                        Name = fields.Octets;
                        break;
                    case (2, ProtobufReader.Varint):
                        type = fields.Number;
                        break;
                    case (3, ProtobufReader.Varint):
                        @class = fields.Number;
                        break;
                    case (4, ProtobufReader.Varint):
                        timeToLive = fields.Number;
                        break;
                    case (5, ProtobufReader.LengthDelimited):
                        Data = fields.Octets;
                        hasData = true;
                        break;
                }
            }

            Type = type <= ushort.MaxValue ? (ushort)type : (ushort)0;
            TimeToLive = (uint)Math.Min(timeToLive, uint.MaxValue);
            IsWhole = !fields.IsMalformed && hasData && Type != 0 && @class == (ulong)RecordClass.IN && timeToLive <= uint.MaxValue;
        }
    }
}
