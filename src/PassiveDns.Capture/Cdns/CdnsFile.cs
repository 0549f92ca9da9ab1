using System.Buffers;

namespace PassiveDns.Capture;

/// <summary>An open C-DNS file (RFC 8618): its parameters, then one block after the other in a buffer that grows to the largest one.</summary>
internal sealed class CdnsFile : IRecordedFile
{
    /// <summary>The largest block that is believed. Compactor makes blocks of a few megabytes.</summary>
    private const int MaxBlockOctets = 64 << 20;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private const string DamageMend = "what came before it was read; get a whole copy of the file";

    private readonly FileWindow _window;
    private byte[] _block = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int _held; // octets in _block
    private int _blockLength; // of them, the current block
    private long _left; // blocks, or -1 if a break ends them

    private CdnsFile(FileWindow window) => _window = window;

    /// <summary>The parameters that blocks refer to.</summary>
    public List<CdnsParameters> Parameters { get; } = [];

    /// <summary>The octets of the current block.</summary>
    public ReadOnlySpan<byte> Block => _block.AsSpan(0, _blockLength);

    /// <inheritdoc/>
    public long BytesRead => _window.BytesRead;

    /// <inheritdoc/>
    public long? FileLength => _window.FileLength;

    /// <inheritdoc/>
    public CaptureDamage? Damage { get; private set; }

    private static ReadOnlySpan<byte> Identifier => "C-DNS"u8;

    /// <summary>Whether a file starts as C-DNS does, or as one of the forms before it.</summary>
    public static bool IsStart(ReadOnlySpan<byte> start) =>
        start.Length > 2 && start[0] is 0x83 or 0x9F && (start[1..].StartsWith("\u0065C-DNS"u8) || start[1..].StartsWith("\u0068DNS-STAT"u8));

    /// <summary>Reads the preamble of a file that is open. It owns the window also when it throws.</summary>
    /// <exception cref="CaptureFileException">It is of an old form, or its preamble is damaged.</exception>
    public static CdnsFile Open(FileWindow window)
    {
        CdnsFile file = new(window);
        string? problem = file.ReadPreamble();
        if (problem is null) return file;
        file.Dispose();
        throw new CaptureFileException($"{window.Path}: {problem}.");
    }

    /// <summary>Moves to the next block.</summary>
    /// <returns><c>false</c> at the end, or where the file is damaged.</returns>
    public async ValueTask<bool> ReadBlockAsync(CancellationToken cancellationToken)
    {
        _block.AsSpan(_blockLength, _held - _blockLength).CopyTo(_block);
        _held -= _blockLength;
        _blockLength = 0;
        while (true)
        {
            if (Find() is { } found) return found;
            if (_window.IsLast && _window.Octets.IsEmpty) return Fail(_window.PackingProblem ?? "the file ends inside a block");
            if (_held >= MaxBlockOctets) return Fail("a block is longer than 64 MiB");

            // As much again as there is: a block that did not end is then walked over a few times only.
            int wanted = Math.Max(1 << 16, 2 * _held);
            while (_held < wanted && !(_window.IsLast && _window.Octets.IsEmpty))
            {
                if (_window.Octets.IsEmpty) await _window.FillAsync(cancellationToken).ConfigureAwait(false);
                Take(wanted - _held);
            }
        }
    }

    /// <inheritdoc/>
    public long FindFirstTime()
    {
        CdnsBlock block = new();
        while (ReadBlockAsync(default).AsTask().GetAwaiter().GetResult())
        {
            if (!block.TryOpen(Block) || block.ParametersIndex < 0 || block.ParametersIndex >= Parameters.Count) continue;
            Int128 time = NanosecondsOf(block.Earliest, Parameters[(int)block.ParametersIndex]);
            if (time >= 0 && time < long.MaxValue) return (long)time;
        }

        return long.MaxValue;
    }

    /// <summary>A time of a block in nanoseconds since 1970; nobody has checked it.</summary>
    public static Int128 NanosecondsOf((long Seconds, long Ticks) time, CdnsParameters parameters) =>
        ((Int128)time.Seconds * NanosecondsPerSecond) + ((Int128)time.Ticks * NanosecondsPerSecond / parameters.TicksPerSecond);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (_block.Length > 0) ArrayPool<byte>.Shared.Return(_block, clearArray: true); // it holds addresses
        _block = [];
        (_held, _blockLength) = (0, 0);
        _window.Dispose();
    }

    private string? ReadPreamble()
    {
        const string Damaged = "the preamble of the C-DNS file is damaged; get a whole copy";
        CborCursor cbor = new(_window.Octets);
        if (!cbor.TryEnterArray(out _) || !cbor.TryReadOctets(out ReadOnlySpan<byte> identifier)) return Damaged;
        if (!identifier.SequenceEqual(Identifier)) return "this is DNS-STAT, a form from before C-DNS (RFC 8618); convert it with a tool that knows both";
        int start = cbor.Position;
        if (cbor.TrySkip() != CborCursor.Outcome.Complete) return Damaged;
        int end = cbor.Position;
        if (ReadParameters(new(_window.Octets, start)) is { } problem) return problem;
        cbor = new(_window.Octets, end);
        if (!cbor.TryEnterArray(out _left)) return Damaged;
        _window.Advance(cbor.Position);
        return null;
    }

    private string? ReadParameters(CborCursor cbor)
    {
        const string Damaged = "the preamble of the C-DNS file is damaged; get a whole copy";
        (long major, long minor) = (-1, -1);
        if (!cbor.TryEnterMap(out long left)) return Damaged;
        while (cbor.MoveNext(ref left))
        {
            if (!cbor.TryReadNumber(out long key)) return Damaged;
            bool isRead = key switch
            {
                0 => cbor.TryReadNumber(out major),
                1 => cbor.TryReadNumber(out minor),
                3 when major == 1 => TryReadList(ref cbor),
                _ => cbor.TrySkip() == CborCursor.Outcome.Complete,
            };
            if (!isRead) return Damaged;
        }

        if (major != 1) return $"this is C-DNS {major}.{minor}, and only 1.x (RFC 8618) is read; convert it with a tool that knows both";
        return Parameters.Count == 0 ? Damaged : null;
    }

    private bool TryReadList(ref CborCursor cbor)
    {
        if (!cbor.TryEnterArray(out long left)) return false;
        while (cbor.MoveNext(ref left))
        {
            if (!CdnsParameters.TryRead(ref cbor, out CdnsParameters parameters)) return false;
            Parameters.Add(parameters);
        }

        return true;
    }

    /// <returns><c>null</c> if more octets are needed.</returns>
    private bool? Find()
    {
        if (_left == 0) return false;
        ReadOnlySpan<byte> held = _block.AsSpan(0, _held);
        if (_left < 0 && held is [0xFF, ..]) return false;
        CborCursor cbor = new(held);
        CborCursor.Outcome outcome = cbor.TrySkip();
        if (outcome == CborCursor.Outcome.Malformed) return Fail("this is no CBOR (RFC 8949)");
        if (outcome == CborCursor.Outcome.NeedMore) return null;
        if (_left > 0) _left--;
        _blockLength = cbor.Position;
        return true;
    }

    private void Take(int most)
    {
        int length = Math.Min(most, _window.Octets.Length);
        if (_held + length > _block.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _block.Length, _held + length));
            _block.AsSpan(0, _held).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_block, clearArray: true);
            _block = larger;
        }

        _window.Octets[..length].CopyTo(_block.AsSpan(_held));
        _window.Advance(length);
        _held += length;
    }

    private bool Fail(string problem)
    {
        Damage = new(_window.Path, _window.Offset - _held, problem, DamageMend);
        return false;
    }
}
