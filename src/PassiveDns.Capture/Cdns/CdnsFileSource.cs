namespace PassiveDns.Capture;

/// <summary>
/// C-DNS files (RFC 8618) as a source. Queries and responses are put together again and go through the same vantage filter as packets do: only what a
/// server said to a resolver in answer to its own query passes. Files whose sensor cut addresses or left out parts of responses give nothing, and say why.
/// </summary>
/// <remarks>It never drops: it reads only as fast as the caller takes responses.</remarks>
internal sealed class CdnsFileSource : ICaptureSource
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly Recording<CdnsFile> _files;
    private readonly MessageFilter _messages;
    private readonly CaptureTrace? _trace;
    private readonly Tally<CdnsItemFate> _items = new();
    private readonly CdnsBlock _block = new();
    private readonly CdnsMessage _message = new();
    private int _position = -1; // of the next item in the block, or -1
    private long _left; // items in the block, or -1 if a break ends them
    private int _responseOf = -1; // the item whose response comes next, or -1
    private long _number; // of the current item
    private bool _hasEnded;
    private bool _isDisposed;

    private CdnsFileSource(Recording<CdnsFile> files, VantageOptions vantage, Action<TracedFate>? trace)
    {
        _files = files;
        _trace = trace is null ? null : new(trace, resolversAreKnown: vantage.Resolvers.Count > 0);
        _messages = new(vantage, _trace);
    }

    /// <inheritdoc/>
    public string Name => _files.Name;

    /// <summary>For tests: sees every message before the vantage filter.</summary>
    internal PacketDecoder.MessageProbe? Probe { get; set; }

    /// <summary>Opens files; each one's preamble is checked now.</summary>
    /// <exception cref="CaptureFileException">A file cannot be read.</exception>
    public static CdnsFileSource Open(IReadOnlyList<string> paths, FileWindow? only, VantageOptions vantage, Action<TracedFate>? trace) =>
        new(Recording<CdnsFile>.Open(paths, only, CdnsFile.Open), vantage, trace);

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (true)
        {
            if (_messages.HasDue && !_messages.TryDrain(batch)) return true;
            if (_hasEnded) return false;
            cancellationToken.ThrowIfCancellationRequested();
            if (_files.Advance() is not { } file)
            {
                _messages.Complete();
                _hasEnded = true;
                continue;
            }

            if (_position >= 0)
            {
                Pump(file);
                continue;
            }

            if (await file.ReadBlockAsync(cancellationToken).ConfigureAwait(false)) StartBlock(file);
            else Close();
        }
    }

    /// <inheritdoc/>
    public CaptureReport GetReport()
    {
        List<string> notes = [.. _messages.GetNotes(badChecksums: 0)];
        if (_items[CdnsItemFate.AddressCut] > 0) notes.Add("The sensor cut addresses to prefixes, so that a resolver cannot be told from a client: nothing of such blocks was taken.");
        if (_items[CdnsItemFate.NotKept] > 0)
        {
            notes.Add("The sensor did not keep all that an observation needs. Let it keep flags, server addresses, and the answer, authority and additional "
                + "sections of responses with TTLs and data (in Compactor: include = all).");
        }

        _files.AddNotes(notes);
        return new()
        {
            BytesRead = _files.BytesRead,
            BytesTotal = _files.BytesTotal,
            Packets = _items.Total,
            Messages = _messages.Fates.Total,
            Observed = _messages.Fates[MessageFate.Observed],
            Account =
            [
                .. _items.ToAccount(PacketDecoder.PacketStage, IsDrop),
                .. _messages.Fates.ToAccount(PacketDecoder.MessageStage, PacketDecoder.IsDrop),
                .. _messages.QueryFates.ToAccount(PacketDecoder.QueryStage, PacketDecoder.IsDrop),
            ],
            Damage = _files.Damage,
            Notes = notes,
        };
    }

    /// <summary>Closes the files.</summary>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        Close();
        return ValueTask.CompletedTask;
    }

    private void StartBlock(CdnsFile file)
    {
        ReadOnlySpan<byte> octets = file.Block;
        if (!_block.TryOpen(octets))
        {
            CountItem(CdnsItemFate.MalformedItem); // nobody knows how many there were
            return;
        }

        if (_block.Malformed >= 0)
        {
            CborCursor malformed = new(octets, _block.Malformed);
            malformed.TryEnterArray(out long left);
            for (; malformed.MoveNext(ref left) && malformed.TrySkip() == CborCursor.Outcome.Complete;) CountItem(CdnsItemFate.MalformedMessage);
        }

        if (_block.Items < 0) return;
        CborCursor items = new(octets, _block.Items);
        if (items.TryEnterArray(out _left)) _position = items.Position;
        else CountItem(CdnsItemFate.MalformedItem);
    }

    // Takes items in until responses are due: the synchronous part, between two awaits.
    private void Pump(CdnsFile file)
    {
        ReadOnlySpan<byte> octets = file.Block;
        while (!_messages.HasDue)
        {
            if (_responseOf >= 0)
            {
                CborCursor again = new(octets, _responseOf);
                CdnsItem item = new();
                _responseOf = -1;
                if (TryRead(ref item, ref again, octets, file, out long time, out _)) TakeResponse(item, octets, time);
                continue;
            }

            CborCursor cbor = new(octets, _position);
            if (!cbor.MoveNext(ref _left))
            {
                _position = -1;
                return;
            }

            int start = cbor.Position;
            TakeItem(ref cbor, start, octets, file);
            cbor = new(octets, start);
            cbor.TrySkip();
            _position = cbor.Position;
        }
    }

    private void TakeItem(ref CborCursor cbor, int start, ReadOnlySpan<byte> octets, CdnsFile file)
    {
        CdnsItem item = new();
        if (!TryRead(ref item, ref cbor, octets, file, out long time, out CdnsItemFate fate))
        {
            CountItem(fate, time);
            return;
        }

        bool hasQuery = (item.SignatureFlags & 1) != 0;
        bool hasResponse = (item.SignatureFlags & 2) != 0;

        // Both are tried before either is handed on, so that an item has one fate.
        if (hasResponse && Refuse(_message.BuildResponse(item, _block, octets), time)) return;
        if (hasQuery && Refuse(_message.BuildQuery(item, _block, octets), time)) return;
        CountItem(hasQuery && hasResponse ? CdnsItemFate.QueryAndResponse : hasQuery ? CdnsItemFate.QueryOnly : CdnsItemFate.ResponseOnly, time);
        if (hasQuery) Take(item, octets, time, isResponse: false);
        if (hasResponse) _responseOf = start;
    }

    private bool TryRead(ref CdnsItem item, ref CborCursor cbor, ReadOnlySpan<byte> octets, CdnsFile file, out long time, out CdnsItemFate fate)
    {
        time = 0;
        fate = CdnsItemFate.MalformedItem;
        if (_block.ParametersIndex < 0 || _block.ParametersIndex >= file.Parameters.Count) return false;
        CdnsParameters parameters = file.Parameters[(int)_block.ParametersIndex];
        if (!item.TryRead(ref cbor)) return false;
        fate = CdnsItemFate.AddressCut;
        if (parameters.HasCutAddresses) return false;
        fate = CdnsItemFate.NotKept;
        if (!parameters.KeepsResponses || item.Signature < 0) return false;
        fate = CdnsItemFate.MalformedItem;
        if (!_block.TryFind(octets, CdnsBlock.Table.Signatures, item.Signature, out CborCursor signature) || !item.TryReadSignature(ref signature)) return false;
        fate = CdnsItemFate.NotKept;
        if (item.TimeOffset < 0 || item.Client < 0 || item.Server < 0 || item.ServerPort < 0 || item.SignatureFlags < 0 || item.DnsFlags < 0) return false;
        if (item.Opcode < 0 || ((item.SignatureFlags & 2) != 0 && item.ResponseCode < 0) || (item.SignatureFlags & 3) == 0) return false;
        fate = CdnsItemFate.RefusedByKind;
        if (item.IsFromCache || item.Kind is 0 or 1 or 4) return false; // stub, client, forwarder
        fate = CdnsItemFate.MalformedItem;
        Int128 ticks = (Int128)_block.Earliest.Ticks + item.TimeOffset;
        Int128 nanoseconds = (Int128)_block.Earliest.Seconds * NanosecondsPerSecond + ticks * NanosecondsPerSecond / parameters.TicksPerSecond;
        Int128 answered = nanoseconds + (Int128)item.Delay * NanosecondsPerSecond / parameters.TicksPerSecond;
        if (nanoseconds < 0 || nanoseconds > long.MaxValue / 2 || answered < 0 || answered > long.MaxValue / 2) return false;
        time = (long)nanoseconds;
        item.Delay = (long)(answered - nanoseconds);
        ReadOnlySpan<byte> client = Address(item.Client, octets), server = Address(item.Server, octets);
        if (client.Length == server.Length && client.Length is 4 or 16) return true;
        fate = CdnsItemFate.AddressCut;
        return false;
    }

    private bool Refuse(CdnsMessage.Outcome outcome, long time)
    {
        if (outcome == CdnsMessage.Outcome.Built) return false;
        CountItem(
            outcome switch
            {
                CdnsMessage.Outcome.TooLong => CdnsItemFate.TooLong,
                CdnsMessage.Outcome.NotKept => CdnsItemFate.NotKept,
                _ => CdnsItemFate.MalformedItem,
            },
            time);
        return true;
    }

    private static bool IsDrop(CdnsItemFate fate) => fate >= CdnsItemFate.RefusedByKind;

    private void CountItem(CdnsItemFate fate, long time = 0)
    {
        _items.Count(fate);
        _number++;
        _trace?.Packet(new(_number, time), _items.ToLine(PacketDecoder.PacketStage, fate, IsDrop(fate)));
    }

    private void TakeResponse(in CdnsItem item, ReadOnlySpan<byte> octets, long time)
    {
        _message.BuildResponse(item, _block, octets);
        Take(item, octets, time + item.Delay, isResponse: true);
    }

    private void Take(in CdnsItem item, ReadOnlySpan<byte> octets, long time, bool isResponse)
    {
        ReadOnlySpan<byte> client = Address(item.Client, octets), server = Address(item.Server, octets);
        ushort clientPort = (ushort)Math.Max(item.ClientPort, 0), serverPort = (ushort)item.ServerPort;
        PacketMessage message = new()
        {
            Message = _message.Octets,
            Source = isResponse ? server : client,
            Destination = isResponse ? client : server,
            SourcePort = isResponse ? serverPort : clientPort,
            DestinationPort = isResponse ? clientPort : serverPort,
            Protocol = (byte)(item.Transport >> 1 & 15),
            UnixNanoseconds = time,
        };
        Probe?.Invoke(message);
        _messages.StartPacket(time, _number);
        _messages.Take(message);
    }

    private ReadOnlySpan<byte> Address(long index, ReadOnlySpan<byte> octets) =>
        _block.TryFind(octets, CdnsBlock.Table.Addresses, index, out CborCursor entry) && entry.TryReadOctets(out ReadOnlySpan<byte> address) ? address : default;

    private void Close()
    {
        (_position, _responseOf) = (-1, -1);
        _files.Close();
    }
}
