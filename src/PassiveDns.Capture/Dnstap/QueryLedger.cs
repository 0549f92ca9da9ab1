using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>
/// The queries that a resolver has logged, by the server's address, the id and the question with its letter case. Never by port: resolvers log
/// wrong ones. It holds nobody's address but servers'.
/// </summary>
internal sealed class QueryLedger(VantageOptions options, Tally<QueryFate> fates, CaptureTrace? trace)
{
    private const int NotFound = -1;

    private readonly long _timeout = options.QueryTimeout.Ticks * TimeSpan.NanosecondsPerTick;
    private readonly byte[] _key = new byte[TransactionTable.MaxKeyLength];
    private TransactionTable? _table; // made for the first query: many streams have none

    /// <summary>Whether the stream has shown a query.</summary>
    public bool HasQueries => _table is not null;

    /// <summary>Takes a query.</summary>
    /// <param name="server">Its server's address.</param>
    /// <param name="id">Its id.</param>
    /// <param name="question">Its question.</param>
    /// <param name="now">When it was sent.</param>
    /// <param name="packet">The frame that it came in.</param>
    public void Add(ReadOnlySpan<byte> server, ushort id, ReadOnlySpan<byte> question, long now, PendingPacket packet)
    {
        _table ??= new(options.MaxOutstandingQueries);
        while (!_table.IsEmpty && Math.Abs(now - _table.Oldest.Asked) > 2 * _timeout) Retire(_table, QueryFate.Unanswered);
        ReadOnlySpan<byte> key = MakeKey(server, id, question, out int tupleLength);
        ulong hash = TransactionTable.Hash(key[..tupleLength]);
        int found = _table.Find(hash, key, prefix: false);
        if (found >= 0 && !_table[found].IsAnswered && Math.Abs(now - _table[found].Asked) <= _timeout)
        {
            _table[found].Asked = now;
            fates.Count(QueryFate.Repeated);
            trace?.Query(packet, QueryFate.Repeated, question, HostAddress.FromBytes(server));
            return;
        }

        while (!_table.TryReserve(key.Length)) Retire(_table, QueryFate.Evicted);
        _table.Add(hash, key, packet, now);
        fates.Count(QueryFate.Waiting);
    }

    /// <summary>Finds the query that a response answers.</summary>
    /// <param name="server">Who answered.</param>
    /// <param name="id">The id.</param>
    /// <param name="question">The question, or nothing for an error that repeats none.</param>
    /// <param name="response">The response.</param>
    /// <param name="now">When it came.</param>
    /// <param name="index">The query, for <see cref="Answer"/>, if the result is <see cref="DnstapFate.Observed"/>.</param>
    public DnstapFate Judge(ReadOnlySpan<byte> server, ushort id, ReadOnlySpan<byte> question, ReadOnlySpan<byte> response, long now, out int index)
    {
        index = NotFound;
        if (_table is null) return DnstapFate.Unsolicited;
        ReadOnlySpan<byte> key = MakeKey(server, id, question, out int tupleLength);
        index = _table.Find(TransactionTable.Hash(key[..tupleLength]), key, prefix: question.IsEmpty);
        if (index < 0) return DnstapFate.Unsolicited;
        ref Transaction query = ref _table[index];
        if (query.IsAnswered) return query.Fingerprint == TransactionTable.Fingerprint(response) ? DnstapFate.Duplicate : DnstapFate.Contested;
        return Math.Abs(now - query.Asked) > _timeout ? DnstapFate.Late : DnstapFate.Observed;
    }

    /// <summary>Marks a query as answered.</summary>
    public void Answer(int index, ReadOnlySpan<byte> response, long now)
    {
        ref Transaction query = ref _table![index];
        (query.IsAnswered, query.Answered, query.Fingerprint) = (true, now, TransactionTable.Fingerprint(response));
        fates.Count(QueryFate.Waiting, -1);
        fates.Count(QueryFate.Answered);
        Tell(in query, QueryFate.Answered);
    }

    /// <summary>Gives up all queries: the stream has ended.</summary>
    public void Complete()
    {
        while (_table is { IsEmpty: false }) Retire(_table, QueryFate.Unanswered);
    }

    private void Retire(TransactionTable table, QueryFate fate)
    {
        if (!table.Oldest.IsAnswered)
        {
            fates.Count(QueryFate.Waiting, -1);
            fates.Count(fate);
            Tell(in table.Oldest, fate);
        }

        table.RemoveOldest();
    }

    private void Tell(in Transaction query, QueryFate fate)
    {
        if (trace is null) return;
        ReadOnlySpan<byte> key = _table!.Key(query); // see MakeKey
        trace.Query(query.Packet, fate, key[(3 + key[0])..], HostAddress.FromBytes(key.Slice(1, key[0])));
    }

    private ReadOnlySpan<byte> MakeKey(ReadOnlySpan<byte> server, ushort id, ReadOnlySpan<byte> question, out int tupleLength)
    {
        _key[0] = (byte)server.Length;
        server.CopyTo(_key.AsSpan(1));
        BinaryPrimitives.WriteUInt16BigEndian(_key.AsSpan(1 + server.Length), id);
        tupleLength = 3 + server.Length;
        question.CopyTo(_key.AsSpan(tupleLength));
        return _key.AsSpan(0, tupleLength + question.Length);
    }
}
