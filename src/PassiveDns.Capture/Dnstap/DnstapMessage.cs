namespace PassiveDns.Capture;

/// <summary>
/// A message as a DNS server logs it. Of dnstap (dnstap.proto, proto2) a frame taken apart: slices of the frame, which it borrows; the sender's version, the
/// ports and whatever <c>extra</c> holds are not even looked at. <see cref="PowerDnsReader"/> says in the same terms what PowerDNS logs.
/// </summary>
internal ref struct DnstapMessage
{
    private const ulong MaxSeconds = long.MaxValue / 1_000_000_000 - 1;
    private const uint MaxNanoseconds = 999_999_999;
    private const ulong PolicyPass = 3;

    /// <summary>What the message is about.</summary>
    public DnstapMessageType Type { get; set; }

    /// <summary>What the sender calls itself, or nothing.</summary>
    public ReadOnlySpan<byte> Identity { get; set; }

    /// <summary>The address of the side that asked, or nothing.</summary>
    public ReadOnlySpan<byte> QueryAddress { get; set; }

    /// <summary>The address of the side that answered, or nothing.</summary>
    public ReadOnlySpan<byte> ResponseAddress { get; set; }

    /// <summary>The query, as it was on the wire, or nothing.</summary>
    public ReadOnlySpan<byte> Query { get; set; }

    /// <summary>The response, as it was on the wire, or nothing.</summary>
    public ReadOnlySpan<byte> Response { get; set; }

    /// <summary>The zone that the resolver asked the server for, in wire form; unchecked.</summary>
    public ReadOnlySpan<byte> QueryZone { get; set; }

    /// <summary>When the query was sent, in nanoseconds since 1970, or <c>null</c>.</summary>
    public long? QueryTime { get; set; }

    /// <summary>When the response came, in nanoseconds since 1970, or <c>null</c>.</summary>
    public long? ResponseTime { get; set; }

    /// <summary>Whether a local policy made this answer something else than what the server said.</summary>
    public bool IsPolicyApplied { get; set; }

    /// <summary>Whether nanoseconds of a second or more were cut to just below it.</summary>
    public bool IsTimeClamped { get; private set; }

    /// <summary>Records that the log names and that are not in the response, because they are not whole; always 0 of dnstap, which has whole messages.</summary>
    public int RecordsLeftOut { get; set; }

    /// <summary>Whether records in the response have their owners from the question; never of dnstap.</summary>
    public bool AreOwnersInferred { get; set; }

    /// <summary>Reads a data frame.</summary>
    /// <param name="frame">The frame without its length.</param>
    /// <param name="message">What it says.</param>
    /// <returns><see cref="FrameFate.Message"/>, or why it is none.</returns>
    /// <remarks>Fields may come in any order; of a repeated one the last counts, also of an embedded message, whose earlier copies are not merged.</remarks>
    public static FrameFate Read(ReadOnlySpan<byte> frame, out DnstapMessage message)
    {
        message = default;
        ProtobufReader fields = new(frame);
        ReadOnlySpan<byte> body = default;
        ReadOnlySpan<byte> identity = default;
        ulong type = 0;
        bool hasBody = false;
        while (fields.Read())
        {
            switch (fields.Field, fields.WireType)
            {
                case (1, ProtobufReader.LengthDelimited):
                    identity = fields.Octets;
                    break;
                case (14, ProtobufReader.LengthDelimited):
                    body = fields.Octets;
                    hasBody = true;
                    break;
                case (15, ProtobufReader.Varint):
                    type = fields.Number;
                    break;
            }
        }

        if (fields.IsMalformed) return FrameFate.MalformedProtobuf;
        if (type != 1 || !hasBody) return FrameFate.NotAMessage; // Dnstap.Type.MESSAGE, the only type there is, and required
        if (!message.ReadBody(body)) return FrameFate.MalformedProtobuf;
        message.Identity = identity;
        return message.Type == DnstapMessageType.Unknown ? FrameFate.UnknownMessageType : FrameFate.Message;
    }

    private bool ReadBody(ReadOnlySpan<byte> body)
    {
        ProtobufReader fields = new(body);
        (ulong? querySeconds, ulong? responseSeconds) = (null, null);
        (uint queryNanoseconds, uint responseNanoseconds) = (0, 0);
        while (fields.Read())
        {
            switch (fields.Field, fields.WireType)
            {
                case (1, ProtobufReader.Varint):
                    Type = fields.Number is >= 1 and <= 14 ? (DnstapMessageType)fields.Number : DnstapMessageType.Unknown;
                    break;
                case (4, ProtobufReader.LengthDelimited):
                    QueryAddress = fields.Octets;
                    break;
                case (5, ProtobufReader.LengthDelimited):
                    ResponseAddress = fields.Octets;
                    break;
                case (8, ProtobufReader.Varint):
                    querySeconds = fields.Number;
                    break;
                case (9, ProtobufReader.Fixed32):
                    queryNanoseconds = (uint)fields.Number;
                    break;
                case (10, ProtobufReader.LengthDelimited):
                    Query = fields.Octets;
                    break;
                case (11, ProtobufReader.LengthDelimited):
                    QueryZone = fields.Octets;
                    break;
                case (12, ProtobufReader.Varint):
                    responseSeconds = fields.Number;
                    break;
                case (13, ProtobufReader.Fixed32):
                    responseNanoseconds = (uint)fields.Number;
                    break;
                case (14, ProtobufReader.LengthDelimited):
                    Response = fields.Octets;
                    break;
                case (15, ProtobufReader.LengthDelimited):
                    if (!TryReadPolicy(fields.Octets, out bool isApplied)) return false;
                    IsPolicyApplied = isApplied;
                    break;
            }
        }

        QueryTime = Time(querySeconds, queryNanoseconds);
        ResponseTime = Time(responseSeconds, responseNanoseconds);
        return !fields.IsMalformed;
    }

    // Only PASS means that the policy left the answer alone; one that does not say what it did may have done anything.
    private static bool TryReadPolicy(ReadOnlySpan<byte> policy, out bool isApplied)
    {
        isApplied = true;
        ProtobufReader fields = new(policy);
        while (fields.Read())
        {
            if (fields is { Field: 3, WireType: ProtobufReader.Varint }) isApplied = fields.Number != PolicyPass;
        }

        return !fields.IsMalformed;
    }

    /// <summary>A time in nanoseconds since 1970, or <c>null</c> if there is none or it lies beyond what 64 bits hold.</summary>
    public long? Time(ulong? seconds, ulong nanoseconds)
    {
        if (seconds is not { } s || s > MaxSeconds) return null;
        if (nanoseconds > MaxNanoseconds)
        {
            nanoseconds = MaxNanoseconds;
            IsTimeClamped = true;
        }

        return ((long)s * 1_000_000_000) + (long)nanoseconds;
    }
}
