using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>From DNS messages to responses that may be observed: vantage, matching, contest. Counts the fate of every message.</summary>
internal sealed partial class MessageFilter
{
    // Files that follow each other may overlap a little, and capture queues reorder packets by milliseconds. A step back by more than
    // this is another recording: its time begins anew.
    private const long MaxStepBack = 10L * 1_000_000_000;

    private readonly VantageFilter _vantage;
    private readonly TransactionTable _table;
    private readonly HeldResponses _held;
    private readonly byte[] _key = new byte[TransactionTable.MaxKeyLength];
    private readonly long _timeout;
    private readonly long _window;
    private long _now = long.MinValue / 2;
    private long _dueBelow; // tickets below this one wait no longer
    private long _releasedEarly;

    public MessageFilter(VantageOptions options)
    {
        options.Validate();
        _vantage = new(options.Resolvers);
        _table = new(options.MaxOutstandingQueries);
        _held = new(options.MaxHeldOctets);
        _timeout = options.QueryTimeout.Ticks * TimeSpan.NanosecondsPerTick;
        _window = options.ContestWindow.Ticks * TimeSpan.NanosecondsPerTick;
    }

    public Tally<MessageFate> Fates { get; } = new();

    public Tally<QueryFate> QueryFates { get; } = new();

    /// <summary>Whether a response must or may leave now.</summary>
    public bool HasDue => !_held.IsEmpty && (IsOldestRipe || _held.IsTight);

    private bool IsOldestRipe => _held.OldestTicket < _dueBelow || _now - _held.OldestTime >= _window;

    public void StartPacket(long unixNanoseconds)
    {
        if (!_held.TryReserve()) throw new InvalidOperationException("Responses are due: call TryDrain before the next packet.");
        if (unixNanoseconds > _now)
        {
            _now = unixNanoseconds;
        }
        else if (unixNanoseconds < _now - MaxStepBack)
        {
            _now = unixNanoseconds;
            _dueBelow = _held.NextTicket;
        }
    }

    public void AdvanceTo(long unixNanoseconds)
    {
        if (unixNanoseconds > _now) StartPacket(unixNanoseconds);
    }

    public void Complete()
    {
        _dueBelow = _held.NextTicket;
        while (!_table.IsEmpty) Retire(QueryFate.Unanswered);
    }

    /// <returns><c>false</c> if the batch is full and more are due.</returns>
    public bool TryDrain(MessageBatch batch)
    {
        while (HasDue)
        {
            bool early = !IsOldestRipe;
            CapturedResponse response = _held.Oldest(out bool isAlive);
            if (isAlive)
            {
                if (!batch.TryAdd(response)) return false;
                Fates.Count(MessageFate.Held, -1);
                Fates.Count(MessageFate.Observed);
                if (early) _releasedEarly++;
            }

            _held.RemoveOldest();
        }

        return true;
    }

    public void Take(scoped in PacketMessage message)
    {
        if (!DnsHeader.TryRead(message.Message, out DnsHeader header))
        {
            Fates.Count(MessageFate.MalformedHeader);
            return;
        }

        MessageFate fate = _vantage.Judge(message, header);
        if (fate == MessageFate.Query) fate = TakeQuery(message, header);
        else if (fate == MessageFate.Held) fate = TakeResponse(message, header);
        Fates.Count(fate);
    }

    private MessageFate TakeQuery(scoped in PacketMessage message, in DnsHeader header)
    {
        int length = WriteKey(message, header, isResponse: false, out int tupleLength);
        if (length < 0) return MessageFate.MalformedQuestion;
        while (!_table.IsEmpty && _now - _table.Oldest.Asked > 2 * _timeout) Retire(QueryFate.Unanswered);
        ReadOnlySpan<byte> key = _key.AsSpan(0, length);
        ulong hash = _table.Hash(key[..tupleLength]);
        int found = _table.Find(hash, key, prefix: false);
        if (found >= 0)
        {
            ref Transaction standing = ref _table[found];

            // The same query again while its answer may still be contested, or while it waits, is the same transaction. Afterwards it is a new one.
            long age = _now - (standing.IsAnswered ? standing.Answered : standing.Asked);
            if (age <= (standing.IsAnswered ? _window : _timeout))
            {
                if (!standing.IsAnswered) standing.Asked = Math.Max(standing.Asked, _now);
                QueryFates.Count(QueryFate.Repeated);
                return MessageFate.Query;
            }
        }

        while (!_table.TryReserve(length)) Retire(QueryFate.Evicted);
        _table.Add(hash, key, _now);
        QueryFates.Count(QueryFate.Waiting);
        return MessageFate.Query;
    }

    private MessageFate TakeResponse(scoped in PacketMessage message, in DnsHeader header)
    {
        bool bare = header.QuestionCount == 0
            && header.ResponseCode is ResponseCode.FormatError or ResponseCode.ServerFailure or ResponseCode.NotImplemented or ResponseCode.Refused;
        int length = WriteKey(message, header, isResponse: true, out int tupleLength);
        if (length < 0 && !bare) return MessageFate.MalformedQuestion;
        ReadOnlySpan<byte> key = _key.AsSpan(0, bare ? tupleLength : length);
        int found = _table.Find(_table.Hash(key[..tupleLength]), key, prefix: bare);
        if (found < 0) return header.RecursionDesired ? MessageFate.RefusedRecursionDesired : MessageFate.Unsolicited;
        ref Transaction transaction = ref _table[found];
        return transaction.IsAnswered ? Challenge(ref transaction, message) : Accept(ref transaction, message);
    }

    private MessageFate Accept(ref Transaction transaction, scoped in PacketMessage message)
    {
        if (_now - transaction.Asked > _timeout) return MessageFate.Late;
        transaction.IsAnswered = true;
        Hold(ref transaction, message);
        QueryFates.Count(QueryFate.Waiting, -1);
        QueryFates.Count(QueryFate.Answered);
        _vantage.NoteResolver(message.Destination);
        return MessageFate.Held;
    }

    // A second response to a query. An off-path attacker who wins the race leaves this trace: the server's own response still arrives.
    private MessageFate Challenge(ref Transaction transaction, scoped in PacketMessage message)
    {
        if (transaction.IsContested) return MessageFate.Contested;
        bool held = _held.IsHeld(transaction.Ticket);
        bool same = held
            ? _held.Message(transaction.Ticket).SequenceEqual(message.Message)
            : transaction.Fingerprint == _table.Fingerprint(message.Message);
        if (same) return MessageFate.Duplicate;
        if (!held || _now - transaction.Answered > _window) return MessageFate.Late;

        // A resolver goes on waiting when it cannot read a response. If we did not, anybody who can send rubbish could suppress an observation.
        if (!IsReadable(message.Message)) return MessageFate.MalformedRecords;
        bool wasReadable = IsReadable(_held.Message(transaction.Ticket));
        _held.Drop(transaction.Ticket);
        Fates.Count(MessageFate.Held, -1);
        Fates.Count(wasReadable ? MessageFate.Contested : MessageFate.MalformedRecords);
        if (!wasReadable)
        {
            Hold(ref transaction, message);
            return MessageFate.Held;
        }

        transaction.IsContested = true;
        return MessageFate.Contested;
    }

    private void Hold(ref Transaction transaction, scoped in PacketMessage message)
    {
        transaction.Answered = _now;
        transaction.Fingerprint = _table.Fingerprint(message.Message);
        transaction.Ticket = _held.Add(message.Message, HostAddress.FromBytes(message.Source), message.UnixNanoseconds, _now);
    }

    private static bool IsReadable(ReadOnlySpan<byte> message)
    {
        DnsReader reader = new(message);
        while (reader.Read()) continue;
        return reader.Error == DnsError.None;
    }

    private void Retire(QueryFate fate)
    {
        if (!_table.Oldest.IsAnswered)
        {
            QueryFates.Count(QueryFate.Waiting, -1);
            QueryFates.Count(fate);
        }

        _table.RemoveOldest();
    }

    // protocol and family, resolver, server, resolver's port, server's port, id | question as it is on the wire
    private int WriteKey(scoped in PacketMessage message, in DnsHeader header, bool isResponse, out int tupleLength)
    {
        ReadOnlySpan<byte> resolver = isResponse ? message.Destination : message.Source;
        ReadOnlySpan<byte> server = isResponse ? message.Source : message.Destination;
        Span<byte> key = _key;
        key[0] = (byte)(message.Protocol | (resolver.Length == 4 ? 0x80 : 0));
        resolver.CopyTo(key[1..]);
        server.CopyTo(key[(1 + resolver.Length)..]);
        int at = 1 + (2 * resolver.Length);
        BinaryPrimitives.WriteUInt16BigEndian(key[at..], isResponse ? message.DestinationPort : message.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(key[(at + 2)..], isResponse ? message.SourcePort : message.DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(key[(at + 4)..], header.Id);
        tupleLength = at += 6;

        if (!QuestionOctets.TryFind(message.Message, header, out ReadOnlySpan<byte> question)) return -1;
        question.CopyTo(key[at..]);
        return at + question.Length;
    }
}
