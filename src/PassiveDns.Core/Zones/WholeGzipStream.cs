using System.IO.Compression;

namespace PassiveDns;

/// <summary>
/// Unpacks gzip and tells a file that was cut off from a whole one, which GZipStream does not: it takes any end for the end.
/// </summary>
/// <remarks>
/// Behind the last octet of the file one more member is fed in that holds a mark. If the file was whole, the mark comes out and nothing else;
/// if it was cut off, the member is taken for the rest of what was cut, and anything else comes out or it is an error.
/// </remarks>
internal sealed class WholeGzipStream : Stream
{
    private readonly Source _source;
    private readonly GZipStream _gzip;

    /// <param name="packed">The packed octets; left open.</param>
    public WholeGzipStream(Stream packed)
    {
        _source = new(packed);
        _gzip = new(_source, CompressionMode.Decompress, leaveOpen: true);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private static ReadOnlySpan<byte> Mark => "whole"u8;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The data is damaged or cut off, or something else stands behind it.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await _gzip.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);

        // GZipStream asks for input only when all that came out of the input before has been handed on
        if (!_source.HasEnded) return Going(read, buffer.IsEmpty);
        byte[] end = new byte[Mark.Length + 1];
        int length = Math.Min(read, end.Length);
        buffer.Span[..length].CopyTo(end);
        if (read > 0) length += await _gzip.ReadAtLeastAsync(end.AsMemory(length), end.Length - length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return Concluded(end.AsSpan(0, length));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The data is damaged or cut off, or something else stands behind it.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = _gzip.Read(buffer);
        if (!_source.HasEnded) return Going(read, buffer.IsEmpty);
        byte[] end = new byte[Mark.Length + 1];
        int length = Math.Min(read, end.Length);
        buffer[..length].CopyTo(end);
        if (read > 0) length += _gzip.ReadAtLeast(end.AsSpan(length), end.Length - length, throwOnEndOfStream: false);
        return Concluded(end.AsSpan(0, length));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    private static int Going(int read, bool wantsNothing) =>
        read > 0 || wantsNothing ? read : throw new InvalidDataException("Something that is not gzip stands behind the gzip data.");

    private static int Concluded(ReadOnlySpan<byte> end) => Mark.SequenceEqual(end) ? 0 : throw new InvalidDataException("The gzip data is cut off.");

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _gzip.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The file, and behind it the member with the mark.</summary>
    private sealed class Source(Stream packed) : Stream
    {
        private static readonly byte[] s_member = PackMark();
        private int _given;

        public bool HasEnded { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!HasEnded)
            {
                int read = await packed.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read > 0 || buffer.IsEmpty) return read;
                HasEnded = true;
            }

            return Give(buffer.Span);
        }

        public override int Read(Span<byte> buffer)
        {
            if (!HasEnded)
            {
                int read = packed.Read(buffer);
                if (read > 0 || buffer.IsEmpty) return read;
                HasEnded = true;
            }

            return Give(buffer);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Give(Span<byte> buffer)
        {
            int taken = Math.Min(s_member.Length - _given, buffer.Length);
            s_member.AsSpan(_given, taken).CopyTo(buffer);
            _given += taken;
            return taken;
        }

        private static byte[] PackMark()
        {
            using MemoryStream member = new();
            using (GZipStream gzip = new(member, CompressionLevel.Fastest)) gzip.Write(Mark);
            return member.ToArray();
        }
    }
}
