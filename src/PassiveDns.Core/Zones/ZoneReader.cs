using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace PassiveDns;

/// <summary>
/// Reads the records of a zone file (a "master file", RFC 1035 section 5) one by one, in bounded memory and without allocating per record.
/// </summary>
/// <remarks>
/// Content never makes it throw: an entry with an error is counted in <see cref="Report"/> and reading goes on behind it. What the grammar
/// leaves open is decided as BIND does. Input packed with gzip is unpacked. A reader is used by one thread at a time.
/// <code>
/// await using ZoneReader zone = ZoneReader.Open("se.zone.gz", DomainName.Parse("se"));
/// while (await zone.ReadAsync()) Use(zone.Owner, zone.Type, zone.TimeToLive, zone.Rdata);
/// </code>
/// </remarks>
public sealed partial class ZoneReader : IAsyncDisposable
{
    private readonly ZoneReaderOptions _options;
    private readonly Stack<IncludedFrom> _includedFrom = new();
    private readonly byte[] _owner = new byte[ZoneName.RoomLength];
    private readonly byte[] _rdata = new byte[RecordData.MaxLength];
    private readonly byte[] _ownerText = new byte[DomainName.MaxWireLength];
    private ZoneInput _input;
    private DomainName _origin;
    private int _ownerLength; // 0: there is none that a line may refer to
    private int _ownerTextLength; // 0: the owner was not made of a text under the current origin
    private bool _isInZone;
    private int _rdataLength;
    private long _line;

    /// <summary>Makes a reader.</summary>
    /// <param name="input">The text, or the text packed with gzip. The reader completes it when it is disposed of.</param>
    /// <param name="zone">The apex of the zone: the first origin, and what records must be at or under.</param>
    /// <param name="options">The bounds, or <c>null</c> for the defaults.</param>
    /// <param name="name">What the input is called in faults, such as the path of a file.</param>
    public ZoneReader(PipeReader input, DomainName zone, ZoneReaderOptions? options = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        _options = options ?? new();
        _options.Validate();
        Zone = zone;
        Report = new(_options.MaxKeptFaults);
        _origin = zone;
        _input = new(input, name, _options.MaxEntryLength);
    }

    /// <summary>The apex of the zone.</summary>
    public DomainName Zone { get; }

    /// <summary>What became of all entries so far.</summary>
    public ZoneReport Report { get; }

    /// <summary>The owner of the current record in canonical wire format (see <see cref="DomainName.Wire"/>); valid until the next read.</summary>
    public ReadOnlySpan<byte> Owner => _owner.AsSpan(0, _ownerLength);

    /// <summary>The type of the current record.</summary>
    public RecordType Type { get; private set; }

    /// <summary>The class of the current record: as stated, else as stated last, else IN (RFC 1035 section 5.1).</summary>
    public RecordClass Class { get; private set; } = RecordClass.IN;

    /// <summary>The TTL of the current record in seconds, 0 to 2^31 - 1.</summary>
    public uint TimeToLive { get; private set; }

    /// <summary>The canonical data of the current record; valid until the next read.</summary>
    public ReadOnlySpan<byte> Rdata => _rdata.AsSpan(0, _rdataLength);

    /// <summary>The line on which the current record starts, from 1, in <see cref="File"/>.</summary>
    public long Line => _line;

    /// <summary>The file of the current record, or <c>null</c> for an input without a name.</summary>
    public string? File => _input.File;

    /// <summary>Opens a file, packed with gzip or not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="zone">The apex of the zone.</param>
    /// <param name="options">The bounds, or <c>null</c> for the defaults.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    public static ZoneReader Open(string path, DomainName zone, ZoneReaderOptions? options = null) => new(OpenPipe(path), zone, options, path);

    /// <summary>Moves to the next record.</summary>
    /// <param name="cancellationToken">Ends waiting for input.</param>
    /// <returns><c>false</c> at the end of the input.</returns>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead() ? ValueTask.FromResult(true) : ReadSlowlyAsync(cancellationToken);

    /// <summary>Moves to the next record if it stands in what was already read from the input, without waiting.</summary>
    /// <returns><c>false</c> if it must be waited for: <see cref="ReadAsync"/> then knows whether there is one.</returns>
    public bool TryRead()
    {
        while (true)
        {
            if (_template.IsActive)
            {
                if (TryReadGenerated()) return true;
                continue;
            }

            Span<byte> rest = _input.Rest;
            if (rest.IsEmpty) return false;
            if (_input.IsSkipping)
            {
                SkipLine(rest, 0);
                continue;
            }

            // Nearly every line is a record of words and blanks; one vector scan tells so and finds its end.
            int end = rest.IndexOfAny(ZoneScan.Special);
            if (end >= 0 && rest[end] == '\n' && end <= _options.MaxEntryLength)
            {
                _line = _input.Line;
                _input.Consume(end + 1, 1);
                if (ReadEntry(rest[..end], IsBlank(rest[0]))) return true;
            }
            else
            {
                if (!TryFindEntry(rest, out Span<byte> entry)) return false;
                if (!entry.IsEmpty && ReadEntry(entry, _startsBlank)) return true;
            }
        }
    }

    /// <summary>Completes the input and the files that are being included.</summary>
    public async ValueTask DisposeAsync()
    {
        await _input.DisposeAsync().ConfigureAwait(false);
        while (_includedFrom.TryPop(out IncludedFrom? outer)) await outer.Input.DisposeAsync().ConfigureAwait(false);
    }

    private static PipeReader OpenPipe(string path) =>
        PipeReader.Create(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan),
            new(bufferSize: 128 * 1024));

    private async ValueTask<bool> ReadSlowlyAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (_input.IsComplete && _input.Rest.IsEmpty)
            {
                if (_input.IsDamaged) Fail(ZoneError.DamagedCompression, _input.Line, 1);
                _input.IsDamaged = false;
                if (!_includedFrom.TryPop(out IncludedFrom? outer)) return false;
                await _input.DisposeAsync().ConfigureAwait(false);
                Return(outer);
            }
            else
            {
                await _input.FillAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        while (!TryRead());
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
